import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { CHEAP_HASHES, expectJson, send } from '../helpers/accounts.ts';
import { PHOTOGRAPH, userWith } from '../helpers/images.ts';
import { root } from '../helpers/process.ts';
import { serverForTest } from '../helpers/server.ts';

/** Longest time of a program, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** The files that examples add up, of one value and of one on each line. */
const EXPORT = JSON.stringify({ lines: [{ price: 19.99 }, { price: 5 }] });
const INVOICES = '{"lines":[{"price":19.99}]}\n{"lines":[{"price":5}]}\n';

/** A real server, and a folder with files for the examples of one document. */
export interface SnippetSite {
  /** Returns the code with the address of this server in place of the default one. */
  adapt(code: string): string;
  /** Runs a program in the folder. @throws with its output if it fails */
  run(program: string, args: string[], input?: string): Promise<string>;
}

/** Starts a server with an account of the largest tier, `TOKEN`, and a product, `PRODUCT`, until the test ends. */
export async function siteForTest(bin: string): Promise<SnippetSite> {
  const server = await serverForTest({ ...CHEAP_HASHES });
  const { token } = await userWith(server, { tier: 'enterprise' });
  const { token: admin } = await userWith(server, { role: 'admin' });
  const product = { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock: 10 };
  const created = send(server, 'POST', '/products', { token: admin, body: product });
  const { id } = await expectJson<{ id: string }>(created, 201);
  const folder = await prepareFolder();
  const { port } = new URL(server.url);
  const environment = {
    ...process.env,
    ...CHEAP_HASHES,
    PORT: port,
    DATA_DIR: server.config.dataDir,
    CURL_HOME: folder,
    BASE_URL: server.url,
    TOKEN: token,
    PRODUCT: id,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
  return {
    adapt: (code) => code.replaceAll('localhost:8000', `localhost:${port}`),
    run: (program, args, input = '') => runIn(folder, environment, [program, ...args], input),
  };
}

async function prepareFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-snippets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // An error of the server is one of the command.
  await writeFile(join(folder, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
  await writeFile(join(folder, 'export.json'), EXPORT);
  await writeFile(join(folder, 'export.json.gz'), gzipSync(EXPORT));
  await writeFile(join(folder, 'invoices.jsonl'), INVOICES);
  for (const name of ['photo.jpg', 'photograph.jpg'])
    await copyFile(PHOTOGRAPH, join(folder, name));
  await mkdir(join(folder, 'scripts'));
  for (const file of await readdir(join(root, 'src/commands'))) {
    const script = `#!/bin/sh\ncd '${root}' && exec '${process.execPath}' src/commands/${file} "$@"\n`;
    await writeFile(join(folder, 'scripts', file.replace('.ts', '')), script, { mode: 0o755 });
  }
  return folder;
}

function runIn(
  cwd: string,
  env: NodeJS.ProcessEnv,
  [program, ...args]: [string, ...string[]],
  input: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, timeout: TIMEOUT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code}: ${output}`));
    });
    child.stdin.on('error', () => undefined).end(input);
  });
}
