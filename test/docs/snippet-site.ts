import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { freePort } from '../helpers/free-port.ts';
import { PHOTOGRAPH } from '../helpers/images.ts';
import { root } from '../helpers/process.ts';
import { serverForTest } from '../helpers/server.ts';
import { type BlockResult, END_OF_BLOCK, endGroup, type Session, startSession } from './session.ts';
import type { SnippetProject } from './snippet-project.ts';
import type { Snippet } from './snippets.ts';

/** The files that examples add up, of one value and of one on each line. */
const EXPORT = JSON.stringify({ lines: [{ price: 19.99 }, { price: 5 }] });
const INVOICES = '{"lines":[{"price":19.99}]}\n{"lines":[{"price":5}]}\n';

/** A real server without accounts, and a folder and a shell in which the blocks of one page run. */
export interface SnippetSite {
  runBlock(snippet: Snippet): Promise<BlockResult>;
}

/** Starts a server and what the blocks of a page need, until the test ends. */
export async function siteForTest(project: SnippetProject, page: string): Promise<SnippetSite> {
  const server = await serverForTest({ ...CHEAP_HASHES });
  const { port } = new URL(server.url);
  const folder = await prepareFolder(project);
  const options = {
    cwd: folder,
    env: {
      ...process.env,
      ...CHEAP_HASHES,
      PORT: port,
      DATA_DIR: server.config.dataDir,
      CURL_HOME: folder,
      PATH: [project.bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    },
  };
  const ports = await Promise.all(PORTS.map(() => freePort()));
  const adapt = (code: string) =>
    code
      .replaceAll('localhost:8000', `localhost:${port}`)
      .replaceAll(OWN_PORT, (own) => String(ports[PORTS.indexOf(own)]));
  const shell = startShell(options);
  const module = project.moduleOf(page);
  const program = module === undefined ? undefined : startModule(module, adapt, options);

  async function runBlock(snippet: Snippet): Promise<BlockResult> {
    const code = adapt(snippet.code);
    const done = { status: 0, stdout: '', stderr: '' };
    if (snippet.file !== undefined) {
      await writeFile(join(folder, snippet.file), code);
      return done;
    }
    if (snippet.keepsRunning) {
      keepRunning(code, options);
      return done;
    }
    if (snippet.language === 'ts') return program!.then((session) => session.next(''));
    const isShell = snippet.language === 'sh';
    await writeFile(
      join(folder, '.block'),
      isShell ? code : `exec python3 - <<'END'\n${code}END\n`,
    );
    return shell.next(isShell ? '. ./.block </dev/null' : 'bash ./.block');
  }
  return { runBlock };
}

/** The ports on which examples listen. */
const PORTS = ['3000', '3001', '3002', '3003', '3004'];
const OWN_PORT = /\b300[0-4]\b/g;

interface Options {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Starts a shell. The status of a block is that of its last command, or above 1000 if another command failed. */
function startShell(options: Options): Session {
  const session = closedAfterTest(startSession(['bash'], options));
  const count =
    'case $BASH_COMMAND in ". ./.block"*) ;; *) failures=$((failures + 1)); echo "failed: $BASH_COMMAND" >&2; esac';
  const others = '$((failures - (status > 0 ? 1 : 0)))';
  return {
    ...session,
    next: (line) =>
      session.next(
        [
          `set -E -o pipefail; trap '${count}' ERR; failures=0`,
          line,
          `status=$?; trap - ERR; printf '${END_OF_BLOCK}%s\\n' $((status + 1000 * ${others}))`,
        ].join('\n'),
      ),
  };
}

/** Starts the module of a page, which waits before each of its blocks. */
async function startModule(
  module: string,
  adapt: (code: string) => string,
  options: Options,
): Promise<Session> {
  await writeFile(module, adapt(await readFile(module, 'utf8')));
  const storage = ['--experimental-webstorage', '--localstorage-file=local-storage'];
  return closedAfterTest(startSession([process.execPath, ...storage, module], options));
}

function keepRunning(code: string, options: Options): void {
  const child = spawn('bash', ['-c', code], { ...options, detached: true, stdio: 'ignore' });
  onTestFinished(() => endGroup(child));
}

function closedAfterTest(session: Session): Session {
  onTestFinished(session.close);
  return session;
}

/** Makes a folder from which packages can be imported. */
async function prepareFolder(project: SnippetProject): Promise<string> {
  const folder = await mkdtemp(join(project.folder, 'page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // An error of the server is one of the command; a server that a block starts may need a moment.
  const options = ['fail-with-body', 'silent', 'show-error', 'retry-connrefused', 'retry = 20'];
  await writeFile(join(folder, '.curlrc'), `${options.join('\n')}\nretry-delay = 1\n`);
  await writeFile(join(folder, 'export.json'), EXPORT);
  await writeFile(join(folder, 'export.json.gz'), gzipSync(EXPORT));
  await writeFile(join(folder, 'invoices.jsonl'), INVOICES);
  await copyFile(PHOTOGRAPH, join(folder, 'photo.jpg'));
  await mkdir(join(folder, 'scripts'));
  for (const file of await readdir(join(root, 'src/commands'))) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${root}/src/commands/${file}' "$@"\n`;
    await writeFile(join(folder, 'scripts', file.replace('.ts', '')), script, { mode: 0o755 });
  }
  return folder;
}
