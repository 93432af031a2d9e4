import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/helpers/free-port.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A run that fails leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Contender {
  name: string;
  port: number;
  child: ChildProcess;
  headers: Record<string, string>;
  stop(): Promise<void>;
}

/** Tally, which does not log requests here because the others do not, with a guest's token. */
export async function startTally(): Promise<Contender> {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  const contender = await start('tally', port, ['src/server.ts'], {
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
  });
  const { body } = await send(contender, '/auth', [Buffer.from('{"username":"b","password":"b"}')]);
  contender.headers.authorization = `Bearer ${JSON.parse(body).access_token}`;
  const stop = contender.stop;
  return {
    ...contender,
    stop: async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export async function startOther(name: string): Promise<Contender> {
  const port = await freePort();
  return start(name, port, ['bench/contenders/servers.ts', name, String(port)], {});
}

async function start(
  name: string,
  port: number,
  args: string[],
  environment: Record<string, string>,
): Promise<Contender> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const contender: Contender = {
    name,
    port,
    child,
    headers: { 'content-type': 'application/json' },
    stop: async () => {
      running.delete(child);
      child.kill('SIGKILL');
      await ended;
    },
  };
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    const up = await send(contender, '/health/live', [Buffer.from('[]')]).then(
      () => true,
      () => false,
    );
    if (up) return contender;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} did not start`);
}

/** Posts chunks as one body; the same buffers may be sent many times. */
export function send(
  { port, headers }: Contender,
  path: string,
  chunks: readonly Buffer[],
): Promise<{ status: number; body: string; ms: number }> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        headers: { ...headers, 'content-length': length },
      },
      async (incoming) => {
        let body = '';
        for await (const text of incoming.setEncoding('utf8')) body += text;
        resolve({ status: incoming.statusCode!, body, ms: performance.now() - started });
      },
    );
    outgoing.once('error', reject);
    pump(outgoing, chunks).catch(reject);
  });
}

async function pump(stream: NodeJS.WritableStream, chunks: readonly Buffer[]): Promise<void> {
  for (const chunk of chunks) {
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
}

/** Memory of a process in MiB: what it has now, and the most that it ever had. */
export function memoryOf({ child }: Pick<Contender, 'child'>): { now: number; peak: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const read = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
