import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoredKeySet } from './key-ring.ts';

export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'signing-keys.json');
}

/** @returns undefined where there is no file yet. */
export function readKeyFile<T = StoredKeySet>(path: string): T | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseKeySet<T>(content, path);
}

/** @throws {Error} that names `source` and, since the text is secret, nothing of its content. */
export function parseKeySet<T = StoredKeySet>(content: string, source: string): T {
  try {
    return JSON.parse(content);
  } catch {
    throw new Error(`${source} is not JSON; it should hold keys`);
  }
}

/** Writes the whole file or nothing, readable by its owner alone. */
export function replaceKeyFile(path: string, keys: object): void {
  renameSync(writeBeside(path, keys), path);
}

/** As {@link replaceKeyFile}, but a file that another process has made meanwhile stays; returns which it is. */
export function createKeyFile<T extends object>(path: string, keys: T): T {
  const temporary = writeBeside(path, keys);
  try {
    linkSync(temporary, path);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKeyFile<T>(path)!;
  } finally {
    rmSync(temporary);
  }
}

function writeBeside(path: string, keys: object): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, `${JSON.stringify(keys, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  return temporary;
}
