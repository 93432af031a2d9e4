import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

/**
 * Writes a file that appears when it is complete, and that only its owner can read; `-` is standard output. The
 * temporary file of a process that was killed is replaced.
 *
 * @throws {Error} if the file exists, unless `force`
 */
export async function withOutput(
  file: string,
  force: boolean,
  write: (output: Writable) => Promise<void>,
): Promise<void> {
  if (file === '-') {
    if (process.stdout.isTTY) throw new Error('an archive is not for a terminal; name a file');
    return write(process.stdout);
  }
  await refuseExisting(file, force);
  const partial = `${file}.partial`;
  try {
    await rm(partial, { force: true });
    // Opened before the work begins, which may take long.
    const handle = await open(partial, 'wx', 0o600).catch(explainMissingFolder);
    await write(createWriteStream('', { fd: handle, flush: true }));
    await refuseExisting(file, force);
    await rename(partial, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(partial, { force: true });
    const { message, syscall } = error as NodeJS.ErrnoException;
    // An error of writing, such as a full disk, names no file.
    throw syscall === 'write' ? new Error(`${file}: ${message}`, { cause: error }) : error;
  }
}

function explainMissingFolder(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOENT') throw error;
  throw new Error(`there is no folder ${dirname(error.path!)}`);
}

async function refuseExisting(file: string, force: boolean): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found && !found.isFile()) throw new Error(`${file} is not a file`);
  if (found && !force) throw new Error(`${file} exists; --force replaces it`);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
