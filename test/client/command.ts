import { execFile, spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Finished, root } from '../helpers/process.ts';

const run = promisify(execFile);

/** Longest time of a command, in milliseconds. */
const TIMEOUT_MS = 60_000;

interface RunOptions {
  cwd?: string;
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** The command `tally`, built as its users have it. */
export interface TallyCommand {
  /** Runs it to its end. */
  tally(args: string[], options?: RunOptions): Promise<Finished>;
  /** Runs a line of bash in which `tally` is a command. */
  bash(line: string, options?: RunOptions): Promise<Finished>;
}

/** Builds the client in a folder of its own before the tests of a file. */
export function commandForTests(): TallyCommand {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(root, 'node_modules/.command-'));
    const client = join(folder, 'client');
    await cp(join(root, 'generated-client'), client, {
      recursive: true,
      filter: (path) => !/generated-client\/(dist|node_modules)$/.test(path),
    });
    await run('npm', ['run', 'build', '--loglevel=error'], { cwd: client });
    const program = join(client, 'dist/cli/index.js');
    await chmod(program, 0o755);
    await symlink(program, join(folder, 'tally'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (program: string, args: string[], { cwd, input = '', env }: RunOptions) =>
    new Promise<Finished>((resolve, reject) => {
      const PATH = [folder, join(process.execPath, '..'), process.env.PATH].join(delimiter);
      const { NO_COLOR: _, ...inherited } = process.env;
      const environment = { ...inherited, TALLY_TOKEN: '', ...env, PATH };
      const child = spawn(program, args, { cwd, env: environment, timeout: TIMEOUT_MS });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text) => {
          output[name] += text;
        });
      }
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...output }));
      // A command may end before it has read everything.
      child.stdin.on('error', () => undefined).end(input);
    });

  return {
    tally: (args, options = {}) => start('tally', args, options),
    bash: (line, options = {}) => start('bash', ['-c', line], options),
  };
}

/** Writes files into a folder that is removed when the test ends, and returns the folder. */
export async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-files-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
