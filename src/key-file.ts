import { randomUUID } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unwatchFile,
  watchFile,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { readSetting } from './config-error.ts';

/** The two places a key set can be stored in: an environment variable, or else a file. */
export interface KeyStore {
  /** The name of the environment variable. */
  variable: string;
  /** The value of the environment variable; empty where the file is used. */
  value: string;
  path: string;
  /** The command that makes new keys. */
  command: string;
}

interface KeyReader<Stored extends object, Keys> {
  /** Makes the key set of a new file. */
  create(): Stored;
  /** @throws {Error} if the key set is invalid; the message shows no key. */
  parse(stored: Stored): Keys;
}

/** Interval at which the key file is checked for a change, in milliseconds. */
const POLL_INTERVAL_MS = 5000;

/**
 * Opens the key set of a running server, and returns a function that gives its current keys. A missing file is
 * created; a changed file is read again, and keeps its previous keys while it is invalid.
 *
 * @throws {ConfigError} if the stored key set is invalid.
 */
export function openKeys<Stored extends object, Keys>(
  app: FastifyInstance,
  { variable, value, path, command }: KeyStore,
  { create, parse }: KeyReader<Stored, Keys>,
): () => Keys {
  if (value) {
    const advice = `${command} --print makes a value`;
    const fixed = readSetting(variable, advice, () => parse(parseKeySet(value, 'the value')));
    return () => fixed;
  }
  const advice = 'restore a copy of the file, or remove it to get new keys';
  const readOrCreate = () => parse(readKeyFile<Stored>(path) ?? createKeyFile(path, create()));
  let keys = readSetting(`DATA_DIR, ${path}`, advice, readOrCreate);
  const reload = () => {
    try {
      const changed = readKeyFile<Stored>(path);
      if (changed) keys = parse(changed);
    } catch (error) {
      app.log.error({ err: error, path }, 'the key file is invalid; its previous keys stay in use');
    }
  };
  watchFile(path, { interval: POLL_INTERVAL_MS, persistent: false }, reload);
  app.addHook('onClose', async () => unwatchFile(path, reload));
  return () => keys;
}

/** Returns the stored key set, or undefined if there is none yet. */
export function readStoredKeys<Stored>({ variable, value, path }: KeyStore): Stored | undefined {
  return value ? parseKeySet(value, variable) : readKeyFile(path);
}

/** @returns undefined if there is no file. */
export function readKeyFile<Stored>(path: string): Stored | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseKeySet(content, path);
}

/** @throws {Error} that names `source` and, since the text is secret, shows none of its content. */
function parseKeySet<Stored>(content: string, source: string): Stored {
  try {
    return JSON.parse(content);
  } catch {
    throw new Error(`${source} is not a key set in JSON`);
  }
}

/** Replaces the file atomically; only its owner can read it. */
export function replaceKeyFile(path: string, keys: object): void {
  renameSync(writeTemporary(path, keys), path);
}

/** Creates the file, and returns its key set: that of another process if that was faster. */
function createKeyFile<Stored extends object>(path: string, keys: Stored): Stored {
  const temporary = writeTemporary(path, keys);
  try {
    linkSync(temporary, path);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKeyFile<Stored>(path)!;
  } finally {
    rmSync(temporary);
  }
}

function writeTemporary(path: string, keys: object): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, `${JSON.stringify(keys, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  return temporary;
}
