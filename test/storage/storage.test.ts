import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ObjectMissing } from '../../src/storage/errors.ts';
import type { ByteRange, Storage } from '../../src/storage/storage.ts';
import { folderUrl, hasS3, s3Url, storageForTest } from '../helpers/storages.ts';

const KINDS = [
  { name: 'a folder', url: folderUrl, present: true },
  {
    name: 'S3 (needs TEST_S3_URL, which scripts/lib/start-swift prints)',
    url: s3Url,
    present: hasS3,
  },
];

const readFrom = async (storage: Storage, key: string, range?: ByteRange) =>
  buffer(await storage.get(key, range));
async function keysOf(storage: Storage, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys.toSorted();
}

for (const { name, url, present } of KINDS) {
  describe.skipIf(!present)(`storage in ${name}`, () => {
    const open = async () => storageForTest(await url());

    it.each([0, 1, 70_000, 5_000_000])('gives back %d bytes as they were', async (size) => {
      const storage = await open();
      const content = randomBytes(size);
      await storage.put('images/a-1', content);
      expect((await readFrom(storage, 'images/a-1')).equals(content)).toBe(true);
    });

    it('takes over a file from the scratch folder', async () => {
      const storage = await open();
      const content = randomBytes(3_000_000);
      const file = join(storage.scratchFolder, randomUUID());
      await writeFile(file, content);
      await storage.put('a', { file });
      expect(existsSync(file)).toBe(false);
      expect((await readFrom(storage, 'a')).equals(content)).toBe(true);
    });

    it('gives a range of bytes', async () => {
      const storage = await open();
      await storage.put('a', Buffer.from('0123456789'));
      expect(String(await readFrom(storage, 'a', { start: 0, end: 0 }))).toBe('0');
      expect(String(await readFrom(storage, 'a', { start: 3, end: 5 }))).toBe('345');
      expect(String(await readFrom(storage, 'a', { start: 9, end: 9 }))).toBe('9');
    });

    it('says that an object is missing before it gives a stream', async () => {
      const storage = await open();
      await expect(storage.get('a/b')).rejects.toThrow(ObjectMissing);
    });

    it('removes objects, also those that are not there', async () => {
      const storage = await open();
      await storage.put('a', Buffer.from('x'));
      await storage.remove('a');
      await storage.remove('a');
      await expect(storage.get('a')).rejects.toThrow(ObjectMissing);
      expect(await keysOf(storage)).toEqual([]);
    });

    it('lists all objects with their times', async () => {
      const storage = await open();
      const keys = ['a', 'b/c', 'b/d/e'];
      await Promise.all(keys.map((key) => storage.put(key, Buffer.from(key))));
      expect(await keysOf(storage)).toEqual(keys);
      for await (const { modifiedAt } of storage.list('')) {
        expect(Math.abs(modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
      }
    });

    it('lists what is below a folder alone, also where there is nothing', async () => {
      const storage = await open();
      for (const key of ['a/b', 'a/c', 'a-2/b', 'b']) await storage.put(key, Buffer.from(key));
      expect(await keysOf(storage, 'a/')).toEqual(['a/b', 'a/c']);
      expect(await keysOf(storage, 'c/')).toEqual([]);
    });

    it('tells the time by the clock of its objects', async () => {
      const storage = await open();
      expect(Math.abs((await storage.now()).getTime() - Date.now())).toBeLessThan(60_000);
    });

    it('leaves nothing of an object that could not be put', async () => {
      const storage = await open();
      const file = join(storage.scratchFolder, randomUUID());
      await expect(storage.put('a', { file })).rejects.toThrow();
      expect(await keysOf(storage)).toEqual([]);
    });

    it.each([
      '',
      '/',
      '../x',
      'a/../b',
      '/etc/passwd',
      'A',
      'a//b',
      'a b',
      'a\0',
      'ä',
      '.',
      'a\\b',
    ])('refuses %j as a key', async (key) => {
      const storage = await open();
      await expect(storage.put(key, Buffer.from('x'))).rejects.toThrow('not the key');
      await expect(storage.get(key)).rejects.toThrow('not the key');
      await expect(storage.remove(key)).rejects.toThrow('not the key');
    });
  });
}

describe('storage in a folder', () => {
  it('keeps files from other users, and no half-written one among the objects', async () => {
    const url = await folderUrl();
    const storage = await storageForTest(url);
    await storage.put('a/b', Buffer.from('x'));
    const folder = url.slice('file:'.length);
    expect(readdirSync(storage.scratchFolder)).toEqual([]);
    for (const path of [
      'objects',
      'scratch',
      'objects/a',
      relative(folder, storage.scratchFolder),
    ]) {
      expect(statSync(join(folder, path)).mode & 0o077).toBe(0);
    }
    expect(statSync(join(folder, 'objects/a/b')).mode & 0o077).toBe(0);
  });
});

describe('the list of a folder', () => {
  it('is read as it is used, and not before', async () => {
    const storage = await storageForTest(await folderUrl());
    const keys = ['a/1', 'b/1'];
    for (const key of keys) await storage.put(key, Buffer.from(key));
    const seen: string[] = [];
    for await (const { key } of storage.list('')) {
      const other = key.startsWith('a/') ? 'b/2' : 'a/2';
      if (seen.length === 0) await storage.put(other, Buffer.from(other));
      seen.push(key);
    }
    expect(seen.length).toBe(3);
    expect(seen).toEqual(expect.arrayContaining(keys));
  });
});

describe('S3 that cannot be used', () => {
  const server = (query: string, credentials = 'a:b') => `s3://${credentials}@bucket/x?${query}`;

  it('is unavailable where nothing listens', async () => {
    await expect(storageForTest(server('endpoint=http://127.0.0.1:1'))).rejects.toThrow(
      'the storage at STORAGE_URL cannot be used: http://127.0.0.1:1 does not answer: connect ECONNREFUSED',
    );
  });

  it.skipIf(!hasS3)(
    'refuses a wrong secret, so signatures are checked (needs S3 at TEST_S3_URL)',
    async () => {
      const right = new URL(await s3Url());
      right.password = 'wrong';
      await expect(storageForTest(right.href)).rejects.toThrow(
        'the storage at STORAGE_URL cannot be used: S3 refuses the key or the secret',
      );
    },
  );
});
