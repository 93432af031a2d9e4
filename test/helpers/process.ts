import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { HIGH_RATES } from './rates.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program and its arguments. */
type Command = readonly [string, ...string[]];

/** The command of the real server. */
export const SERVER: Command = [process.execPath, 'src/server.ts'];

/** Longest start of a server, on a busy machine, or while it waits for the migrations of another. */
const START_TIMEOUT_MS = 60_000;

/** Processes to kill when this one ends, so that a run that fails leaves none behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

interface Output {
  stdout: string;
  stderr: string;
}

export interface Finished extends Output {
  code: number | null;
}

/** Runs a program of this checkout to its end. */
export function runToEnd(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
  input = '',
): Promise<Finished> {
  const { child, done } = spawnCollected([resolve(root, program), ...args], environment);
  child.stdin!.on('error', () => undefined).end(input);
  return done;
}

function spawnCollected(
  [program, ...args]: Command,
  environment: Record<string, string>,
  output: Output = { stdout: '', stderr: '' },
) {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...environment } });
  running.add(child);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const done = new Promise<Finished>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, ...output });
    });
  });
  return { child, done };
}

/** A server in a process of its own, with a port and a data folder that it keeps when it is started again. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Output since the first start. */
  readonly output: Output;
  /** The latest process. */
  readonly child: ChildProcess;
  /** Fulfilled when the latest process has ended. */
  readonly done: Promise<Finished>;
  /** Starts the server again after it has ended. */
  start(): Promise<void>;
  /** Sends a signal, and returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Kills the server and removes its data folder. */
  close(): Promise<void>;
}

/** Starts the real server, or another program that listens on PORT, and waits until it answers at `healthPath`. */
export async function startServerProcess(
  environment: Record<string, string> = {},
  command: Command = SERVER,
  healthPath = '/health/ready',
): Promise<ServerProcess> {
  const port = await freePort();
  const ownFolder = await mkdtemp(join(tmpdir(), 'tally-test-'));
  const settings = { PORT: String(port), DATA_DIR: ownFolder, ...HIGH_RATES, ...environment };
  const url = `http://localhost:${port}`;
  const output = { stdout: '', stderr: '' };
  let current: ReturnType<typeof spawnCollected>;

  async function start(): Promise<void> {
    current = spawnCollected(command, settings, output);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (isRunning(current.child) && Date.now() < deadline) {
      if (await isHealthy(url + healthPath)) return;
      await setTimeout(50);
    }
    const said = `${output.stdout}${output.stderr}`.slice(-2000);
    throw new Error(`${command.join(' ')} did not start: ${said}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    current.child.kill(signal);
    return (await current.done).code;
  }

  async function close(): Promise<void> {
    await end('SIGKILL');
    await rm(ownFolder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    port,
    dataDir: settings.DATA_DIR,
    output,
    get child() {
      return current.child;
    },
    get done() {
      return current.done;
    },
    start,
    end,
    close,
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

/** Returns the process ids of a server's workers. */
export function workersOf({ child: { pid } }: ServerProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return children.trim().split(' ').map(Number);
}
