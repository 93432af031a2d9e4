import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createDumpCheck } from './dump-check.ts';

/** A program of the database with its arguments, and the folder in which it runs. */
export interface DumpCommand {
  command: readonly string[];
  folder: string;
}

/**
 * Writes what a command prints to a file.
 *
 * @throws {Error} if that is no dump of Tally's database
 */
export async function dumpTo(path: string, dump: DumpCommand, signal: AbortSignal) {
  const output = await open(path, 'wx', 0o600);
  try {
    await run(dump, ['ignore', output.fd, 2], signal);
    await output.sync();
  } finally {
    await output.close();
  }
  const check = createDumpCheck();
  for await (const chunk of createReadStream(path, { signal })) {
    check.add(chunk);
    if (check.isPlausible()) return;
  }
  throw new Error(
    `${dump.command[0]} has not dumped the database of Tally: its output has no table tally_migrations with rows. ` +
      'Compare the name of the database with DATABASE_URL, and let the command print SQL or what pg_restore reads, uncompressed',
  );
}

/** Runs a command that reads a file from its standard input. */
export async function loadFrom(path: string, load: DumpCommand, signal: AbortSignal) {
  const input = await open(path, 'r');
  try {
    await run(load, [input.fd, 2, 2], signal);
  } finally {
    await input.close();
  }
}

type Stdio = 'ignore' | number;

async function run(dump: DumpCommand, stdio: [Stdio, Stdio, Stdio], signal: AbortSignal) {
  const [program = '', ...args] = dump.command;
  const child = spawn(program, args, { cwd: dump.folder, stdio, signal });
  // Also rejects where the program is missing, and when the signal kills it.
  const [code, killedBy] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${killedBy ?? `exit code ${code}`}`);
}
