import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Finds this process's own Node, and each that is on the PATH. */
export async function findNodes(): Promise<{ path: string; version: string }[]> {
  const found = new Set([await realpath(process.execPath)]);
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = await realpath(join(folder, 'node')).catch(() => undefined);
    if (path) found.add(path);
  }
  return Promise.all(
    [...found].map(async (path) => {
      const { stdout } = await run(path, ['--version']);
      return { path, version: stdout.trim() };
    }),
  );
}
