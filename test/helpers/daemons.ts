import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server program that tests start, with all that it writes in a folder of its own. */
export interface Daemon {
  readonly output: string;
  readonly running: boolean;
  /** Sends a signal to the process and its children, without waiting for its effect. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal, and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Returns the identity under which a program runs: that of a user where the tests run as root, which servers refuse. */
function identityOf(user: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const number = (option: string) => Number(execFileSync('id', [option, user]).toString());
  return { uid: number('-u'), gid: number('-g') };
}

/** Creates a folder that belongs to a user where the tests run as root. */
export async function folderFor(user: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tally-daemon-'));
  const { uid, gid } = identityOf(user);
  if (uid !== undefined) chownSync(path, uid, gid!);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs a program of a server to its end, as its user. */
export function runAs(user: string, program: string, args: string[]): void {
  execFileSync(program, args, { ...identityOf(user), cwd: '/', stdio: 'pipe' });
}

export function startDaemon(user: string, program: string, args: string[]): Daemon {
  const child = spawn(program, args, { ...identityOf(user), cwd: '/' });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const done = new Promise<void>((resolve) => {
    child.once('close', () => {
      running.delete(child);
      resolve();
    });
  });
  function signal(name: NodeJS.Signals, pids = childrenOf(child)): void {
    child.kill(name);
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  return {
    get output() {
      return output;
    },
    get running() {
      return running.has(child);
    },
    signal,
    async end(name) {
      const children = childrenOf(child);
      child.kill(name);
      // Processes that are stopped notice the end of their parent only when they go on.
      signal('SIGCONT', children);
      await done;
    },
  };
}

function childrenOf({ pid }: ChildProcess): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Waits until an attempt succeeds. */
export async function eventually<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} failed for 90 s`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
