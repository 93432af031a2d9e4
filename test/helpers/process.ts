import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of this checkout to its end. */
export function runToEnd(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<Finished> {
  return collect(spawn(join(root, command), args, { env: { ...process.env, ...environment } }))
    .done;
}

function collect(child: ChildProcess) {
  const output = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const done = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return { output, done };
}

/** Runs a server that is to refuse its environment, to its end. */
export function runServerToEnd(environment: Record<string, string>): Promise<Finished> {
  const env = { ...process.env, ...environment };
  return collect(spawn(process.execPath, ['src/server.ts'], { cwd: root, env })).done;
}

export interface ServerProcess {
  child: ChildProcess;
  url: string;
  dataDir: string;
  output: { stdout: string; stderr: string };
  done: Promise<Finished>;
}

/** The real server in a process of its own, once it answers; killed when the test ends. */
export async function startProcess(
  ...args: Parameters<typeof spawnServer>
): Promise<ServerProcess> {
  const server = await spawnServer(...args);
  onTestFinished(server.kill);
  return server;
}

/** As {@link startProcess}, but it lives until it is killed. */
export async function spawnServer(
  environment: Record<string, string> = {},
  command: [string, ...string[]] = [process.execPath, 'src/server.ts'],
): Promise<ServerProcess & { kill(): Promise<void> }> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-test-'));
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, ...environment },
  });
  const { output, done } = collect(child);
  const kill = async () => {
    child.kill('SIGKILL');
    await done;
    await rm(dataDir, { recursive: true, force: true });
  };
  const url = `http://localhost:${port}`;
  try {
    await untilReady(url, child);
  } catch (cause) {
    await kill();
    throw new Error(`${command.join(' ')} did not become ready: ${output.stderr}`, { cause });
  }
  return { child, url, dataDir, output, done, kill };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server did not become ready');
}
