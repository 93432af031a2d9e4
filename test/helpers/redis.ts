import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** The reason why tests of Redis cannot run here; fails where everything must be there. */
export const missingRedis = isInstalled ? undefined : 'redis-server';
if (!isInstalled && process.env.TEST_ALL_TOOLS) throw new Error('redis-server is not installed');

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Starts it again on the same port after it has ended. */
  start(...options: string[]): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Kills it, and waits for its end. */
  kill(): Promise<void>;
}

/** Starts a Redis server that keeps nothing on disk. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  const killNow = () => void child?.kill('SIGKILL');
  process.once('exit', killNow);

  async function start(...more: string[]): Promise<void> {
    const place = ['--bind', '127.0.0.1', '--port', String(port)];
    const args = [...place, '--save', '', '--appendonly', 'no', ...more];
    child = spawn('redis-server', args, { stdio: 'ignore' });
    while (!(await accepts(port))) await setTimeout(20);
  }

  await start(...options);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    signal: (signal) => void child!.kill(signal),
    kill,
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) =>
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
  );
  socket.destroy();
  return isOpen;
}
