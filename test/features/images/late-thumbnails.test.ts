import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, expectJson, send } from '../../helpers/accounts.ts';
import {
  download,
  fixture,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';

const jpeg = fixture('baseline.jpg');
let server: TestServer;
let user: TestUser;

async function start(environment: Record<string, string> = {}): Promise<void> {
  server = await serverForTest({ ...CHEAP_HASHES, LOG_LEVEL: 'error', ...environment });
  user = await userWith(server);
}

/** Gives the tier heights that no image has yet. */
async function addHeights(...heights: number[]): Promise<void> {
  const admin = await userWith(server, { role: 'admin' });
  const body = { thumbnail_heights: [...heights, 200] };
  await expectJson(send(server, 'PATCH', '/tiers/basic', { ...admin, body }));
}

const statusOf = async (id: string, size: string) => {
  const answer = await send(server, 'GET', `/images/${id}/${size}`, user);
  const { code } = answer.ok ? {} : ((await answer.json()) as { code?: string });
  return [answer.status, code];
};

describe('a late thumbnail', () => {
  beforeEach(() => start({ IMAGES_DECODERS: '1' }));

  it('keeps no upload waiting while the storage does not answer', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await uploaded(server, user, jpeg)).id);
    await addHeights(50);
    const { storage } = server.app;
    const { get } = storage;
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    onTestFinished(answer);
    let asked = 0;
    storage.get = async (...args) => {
      asked++;
      await answered;
      return get(...args);
    };
    const reads = ids.map((id) => statusOf(id, '50px'));
    await expect.poll(() => asked).toBe(3);
    expect((await upload(server, user.token, { image: jpeg })).status).toBe(201);
    answer();
    expect(await Promise.all(reads)).toEqual(Array(3).fill([200, undefined]));
  });

  it('is made once for all who read it at once', async () => {
    const { id } = await uploaded(server, user, jpeg);
    await addHeights(50);
    let puts = 0;
    const { put } = server.app.storage;
    server.app.storage.put = (...args) => {
      puts++;
      return put(...args);
    };
    const reads = Array.from({ length: 10 }, () => statusOf(id, '50px'));
    expect(await Promise.all(reads)).toEqual(Array(10).fill([200, undefined]));
    expect(puts).toBe(1);
  });

  it('is not made of an original that is damaged', async () => {
    const { id } = await uploaded(server, user, jpeg);
    await addHeights(50);
    const { storage } = server.app;
    const { get } = storage;
    storage.get = async (...args) => {
      const stream = await get(...args);
      return stream.map((chunk: Buffer) => Buffer.from(chunk).fill(0, -10));
    };
    expect(await statusOf(id, '50px')).toEqual([503, 'storage_unavailable']);
    storage.get = get;
    expect((await download(server, user, id, '50px')).length).toBeGreaterThan(100);
  });
});
