import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { LeaseTables } from '../../src/database/lease.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ImageTables } from '../../src/features/images/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import type { StorageTables } from '../../src/storage/tables.ts';
import { CHEAP_HASHES, register, signIn } from '../helpers/accounts.ts';
import { fixture, uploaded } from '../helpers/images.ts';
import { root, runToEnd, type ServerProcess } from '../helpers/process.ts';
import { serverProcessForTest } from '../helpers/server.ts';

export type Tables = AccountTables & ImageTables & LeaseTables & ShopTables & StorageTables;

/** Settings of servers and commands; a server that is restored has the same address. */
export const SETTINGS = {
  ...CHEAP_HASHES,
  PUBLIC_URL: 'https://tally.example',
  ATTEMPTS_PER_ADDRESS: '1000000',
};

/** A server in a process of its own, whose database the test can read. */
export async function siteForTest(environment: Record<string, string> = {}) {
  const settings = { ...SETTINGS, ...environment };
  const server = await serverProcessForTest(settings);
  const all = { ...settings, DATA_DIR: server.dataDir };
  return { server, url: server.url, environment: all, db: databaseForTest(all).db };
}

export type Site = Awaited<ReturnType<typeof siteForTest>>;

/** Opens the database of settings until the test ends. */
export function databaseForTest(environment: Record<string, string>) {
  const database = openDatabase<Tables>(loadConfig(environment).database);
  onTestFinished(() => database.close());
  return database;
}

/** Makes a folder that is removed when the test ends. */
export async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-backup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Creates an account with all rights, and signs in. */
export async function userOf(site: Site, members: { role?: string; tier?: string } = {}) {
  const account = await register(site);
  await site.db.updateTable('accounts').set(members).where('id', '=', account.id).execute();
  return { ...account, ...(await signIn(site, account)) };
}

/** Makes a PNG of about 10 MB, which has few pixels and cannot be compressed. */
export function largeImage(): Promise<Buffer> {
  const side = 1100;
  const pixels = new Uint16Array(randomBytes(side * side * 8).buffer);
  return sharp(pixels, { raw: { width: side, height: side, channels: 4 } })
    .toColourspace('rgb16')
    .png({ compressionLevel: 0 })
    .toBuffer();
}

const jpeg = fixture('baseline.jpg');

/** A site with images that are together larger than what a backup holds in memory and in pipes. */
export async function siteWithImages(environment: Record<string, string> = {}) {
  const site = await siteForTest(environment);
  const { access_token: token } = await userOf(site, { tier: 'enterprise', role: 'admin' });
  const large = await largeImage();
  const images = new Map<string, Buffer>();
  for (const content of [large, jpeg, large]) {
    images.set((await uploaded(site, { token }, content)).id, content);
  }
  return { site, token, images };
}

export const backUp = ({ environment }: Pick<Site, 'environment'>, ...args: string[]) =>
  runToEnd('scripts/backup', args, environment);
export const restore = (environment: Record<string, string>, ...args: string[]) =>
  runToEnd('scripts/restore', args, environment);

/** Starts one of the commands, killed when the test ends. */
export function startCommand(program: string, args: string[], environment: Record<string, string>) {
  const child = spawn(join(root, program), args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await done;
  });
  return { child, done };
}

/** Starts a server on a restored data folder. */
export const serverOn = (environment: Record<string, string>): Promise<ServerProcess> =>
  serverProcessForTest({ ...SETTINGS, ...environment });

/** Waits until a file has at least a byte. */
export async function untilWritten(path: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!statSync(path, { throwIfNoEntry: false })?.size) {
    if (Date.now() > deadline) throw new Error(`${path} was not written`);
    await setTimeout(1);
  }
}
