import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PORT = 18_201;

/** Tally in a process of its own, and an account of the tier `premium`. */
export interface ImageServer {
  child: ChildProcess;
  url: string;
  dataDir: string;
  token: string;
  upload(image: Buffer): Promise<{ id: string }>;
  download(path: string): Promise<Buffer>;
  stop(): Promise<void>;
}

export async function startImageServer(): Promise<ImageServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  const child = spawn(process.execPath, ['src/server.ts'], {
    cwd: root,
    env: { ...process.env, PORT: String(PORT), DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${PORT}`;
  await untilAnswers(`${url}/health/ready`);
  const credentials = { email: 'bench@example.com', password: 'correct horse battery' };
  const { id } = await post(url, '/accounts', credentials);
  const database = openDatabase<AccountTables>({
    kind: 'sqlite',
    location: join(dataDir, 'tally.db'),
    poolSize: 1,
    timeout: 0,
  });
  // The quota of the tier is enough for what is uploaded here.
  await database.db
    .updateTable('accounts')
    .set({ tier: 'premium' })
    .where('id', '=', id!)
    .execute();
  await database.close();
  const { access_token: token = '' } = await post(url, '/accounts/login', credentials);
  const headers = { authorization: `Bearer ${token}` };
  return {
    child,
    url,
    dataDir,
    token,
    upload: (image) => upload(formOf(image), token),
    async download(path) {
      return Buffer.from(await (await fetch(url + path, { headers })).arrayBuffer());
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(dataDir, { recursive: true });
    },
  };
}

const BOUNDARY = 'boundary-of-the-bench';

function formOf(image: Buffer): Buffer {
  const head = 'Content-Disposition: form-data; name="image"; filename="photograph.jpg"';
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${head}\r\nContent-Type: image/jpeg\r\n\r\n`),
    image,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** With as little work as can be: the client has the same cores. */
function upload(form: Buffer, token: string): Promise<{ id: string }> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': form.length,
  };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: PORT, path: '/images', method: 'POST', headers };
    const outgoing = request(options, async (incoming) => {
      const answer = await text(incoming);
      if (incoming.statusCode === 201) resolve(JSON.parse(answer));
      else reject(new Error(answer));
    });
    outgoing.once('error', reject).end(form);
  });
}

async function post(url: string, path: string, body: object): Promise<Record<string, string>> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, string>;
}

/** @throws {Error} after ten seconds. */
export async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}
