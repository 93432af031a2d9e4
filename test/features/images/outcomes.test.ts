import { describe, expect, it } from 'vitest';
import { CHEAP_HASHES, expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { proxiedDatabase } from '../../helpers/database-proxy.ts';
import { describeOnEachDatabase, describeOnEachServer } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  type ImageView,
  storedFiles,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';

const jpeg = fixture('baseline.jpg');

const listOf = (server: TestServer, user: TestUser) =>
  expectJson<{ results: ImageView[] }>(send(server, 'GET', '/images', user));

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

/** Every image that is listed can be read in each of its sizes. */
async function expectWhole(server: TestServer, user: TestUser): Promise<number> {
  const { results } = await listOf(server, user);
  for (const { id, images } of results) {
    for (const { size } of images) await download(server, user, id, size);
  }
  return results.length;
}

describeOnEachServer('a COMMIT whose answer is lost on $name', (database) => {
  async function serverBehindProxy() {
    const { url, proxy } = await proxiedDatabase(database);
    const environment = { ...CHEAP_HASHES, LOG_LEVEL: 'error', DATABASE_URL: url };
    return { server: await serverForTest(environment), proxy };
  }

  it('leaves an uploaded image that can be read', async () => {
    const { server, proxy } = await serverBehindProxy();
    const user = await userWith(server, { tier: 'premium' });
    for (let round = 1; round <= 5; round++) {
      const cut = proxy.cutAt('commit', 'before-answer');
      const answer = await upload(server, user.token, { image: jpeg });
      await cut;
      expect(answer.headers.has('retry-after')).toBe(false);
      expect([answer.status, await codeOf(answer)]).toEqual([500, 'outcome_unknown']);
      // The database has carried it out before its answer was lost.
      expect(await expectWhole(server, user)).toBe(round);
    }
  });

  it('answers the upload that is repeated with its key, which is made once', async () => {
    const { server, proxy } = await serverBehindProxy();
    const user = await userWith(server, { tier: 'premium' });
    for (let round = 1; round <= 5; round++) {
      const headers = { 'idempotency-key': `upload ${round}` };
      const cut = proxy.cutAt('commit', 'before-answer');
      const lost = await upload(server, user.token, { image: jpeg, headers });
      await cut;
      expect([lost.status, await codeOf(lost)]).toEqual([500, 'outcome_unknown']);
      const again = await upload(server, user.token, { image: jpeg, headers });
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      const { id } = (await again.json()) as ImageView;
      expect(await download(server, user, id, 'original')).toEqual(jpeg);
      expect(await expectWhole(server, user)).toBe(round);
    }
  });

  it('leaves a late thumbnail that can be read', async () => {
    const { server, proxy } = await serverBehindProxy();
    const user = await userWith(server, { tier: 'premium' });
    const admin = await userWith(server, { role: 'admin' });
    const { id } = await uploaded(server, user, jpeg);
    const body = { thumbnail_heights: [50, 200] };
    await expectJson(send(server, 'PATCH', '/tiers/premium', { ...admin, body }));
    const cut = proxy.cutAt('commit', 'before-answer');
    const first = await send(server, 'GET', `/images/${id}/50px`, user);
    await cut;
    expect([first.status, await codeOf(first)]).toEqual([500, 'outcome_unknown']);
    expect((await download(server, user, id, '50px')).length).toBeGreaterThan(100);
    expect(await expectWhole(server, user)).toBe(1);
  });
});

describe('an upload that cannot be recorded', () => {
  it('leaves nothing in the storage where the quota is used up meanwhile', async () => {
    const server = await serverForTest({ ...CHEAP_HASHES, LOG_LEVEL: 'error' });
    const admin = await userWith(server, { role: 'admin' });
    const tier = { name: 'tiny', thumbnail_heights: [16], quota_bytes: 2 * jpeg.length };
    await expectJson(send(server, 'POST', '/tiers', { ...admin, body: tier }), 201);
    const user = await userWith(server, { tier: 'tiny' });
    const attempts = Array.from({ length: 6 }, () => upload(server, user.token, { image: jpeg }));
    await Promise.all((await Promise.all(attempts)).map((answer) => answer.arrayBuffer()));
    expect(storedFiles(server)).toHaveLength(await expectWhole(server, user));
  });
});

describeOnEachDatabase('an image that is being deleted', (database) => {
  const server = serverOn(database, { IMAGES_PER_ACCOUNT: '100' });

  it('is read whole, or not found', async () => {
    const user = await userWith(server.current, { tier: 'premium' });
    const ids: string[] = [];
    for (let count = 0; count < 20; count++) {
      ids.push((await uploaded(server.current, user, jpeg)).id);
    }
    const answers = ids.flatMap((id) =>
      ['GET', 'GET', 'DELETE', 'GET', 'GET'].map(async (method) => {
        const answer = await send(server.current, method, `/images/${id}`, user);
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    const statuses = new Set(await Promise.all(answers));
    expect([...statuses].filter((status) => ![200, 204, 404].includes(status))).toEqual([]);
  });
});

describeOnEachDatabase('a late thumbnail of an image that is being deleted', (database) => {
  const server = serverOn(database, {
    IMAGES_PER_ACCOUNT: '100',
    DOWNLOADS_PER_CLIENT: '100',
  });

  it('is there or not found, and leaves nothing', async () => {
    const user = await userWith(server.current, { tier: 'premium' });
    const admin = await userWith(server.current, { role: 'admin' });
    const ids: string[] = [];
    for (let count = 0; count < 30; count++) {
      ids.push((await uploaded(server.current, user, jpeg)).id);
    }
    const body = { thumbnail_heights: [50, 60, 70, 200, 400] };
    await expectJson(send(server.current, 'PATCH', '/tiers/premium', { ...admin, body }));
    const answers = ids.flatMap((id) =>
      ['GET 50px', 'GET 60px', 'DELETE ', 'GET 70px'].map(async (call) => {
        const [method = '', size] = call.split(' ');
        const path = `/images/${id}${size && `/${size}`}`;
        const answer = await send(server.current, method, path, user);
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    const statuses = new Set(await Promise.all(answers));
    expect([...statuses].filter((status) => ![200, 204, 404].includes(status))).toEqual([]);
    await expect.poll(() => storedFiles(server.current)).toEqual([]);
  });
});
