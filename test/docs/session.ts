import { type ChildProcess, spawn } from 'node:child_process';

/** Longest time of one block, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Precedes the status that a program prints behind each block. */
export const END_OF_BLOCK = '\u0001end of block ';

export interface BlockResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** A program that runs one block after another, and keeps its state between them. */
export interface Session {
  /** Sends a line, and returns what the program prints until the end of its block. @throws if the program ends */
  next(line: string): Promise<BlockResult>;
  close(): Promise<void>;
}

export function startSession(
  [program, ...args]: [string, ...string[]],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Session {
  const child = spawn(program, args, { ...options, detached: true });
  const collected = { stdout: '', stderr: '' };
  let notice = () => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      collected[name] += text;
      notice();
    });
  }
  const closed = new Promise<void>((resolve) => {
    child.once('error', resolve).once('close', () => resolve());
  });
  child.stdin.on('error', () => undefined);

  function takeResult(): BlockResult | undefined {
    const [stdout, rest] = collected.stdout.split(END_OF_BLOCK);
    if (rest === undefined || !rest.endsWith('\n')) return undefined;
    const result = { status: Number(rest), stdout: stdout!, stderr: collected.stderr };
    Object.assign(collected, { stdout: '', stderr: '' });
    return result;
  }

  return {
    next(line) {
      return new Promise<BlockResult>((resolve, reject) => {
        const fail = (reason: string) =>
          reject(new Error(`${program} ${reason}:\n${collected.stdout}${collected.stderr}`));
        const timer = setTimeout(() => fail('takes too long'), TIMEOUT_MS);
        notice = () => {
          const result = takeResult();
          if (!result) return;
          clearTimeout(timer);
          resolve(result);
        };
        void closed.then(() => {
          clearTimeout(timer);
          fail('ended');
        });
        child.stdin.write(`${line}\n`);
      });
    },
    async close() {
      endGroup(child);
      await closed;
    },
  };
}

/** Ends a program that was started with `detached`, and those that it started. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
