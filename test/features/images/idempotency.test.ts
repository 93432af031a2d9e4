import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import {
  fixture,
  type ImageView,
  storedFiles,
  type TestUser,
  type UploadForm,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';

const jpeg = fixture('baseline.jpg');
const TIER = {
  thumbnail_heights: [50],
  original: true,
  expiring_links: true,
  max_bytes: 1_000_000,
  quota_bytes: 10_000_000,
};

describeOnEachDatabase('a repeated request of images', (kind) => {
  const server = serverOn(kind);
  const post = (path: string, { token }: TestUser, body: object, key: string) =>
    send(server.current, 'POST', path, { token, body, headers: { 'idempotency-key': key } });

  it('makes a tier once', async () => {
    const admin = await userWith(server.current, { role: 'admin' });
    const key = randomUUID();
    const tier = { name: 'once', ...TIER };
    const first = await post('/tiers', admin, tier, key);
    const again = await post('/tiers', admin, tier, key);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await again.json()).toEqual(await first.json());
    const other = await post('/tiers', admin, { ...tier, name: 'twice' }, key);
    expect([other.status, await other.json()]).toMatchObject([
      422,
      { code: 'idempotency_key_reused' },
    ]);
    const plain = await send(server.current, 'POST', '/tiers', { token: admin.token, body: tier });
    expect(plain.status).toBe(409);
    await plain.arrayBuffer();
  });

  it('makes a link once, which is there no second time after it was revoked', async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const { id } = await uploaded(server.current, owner, jpeg);
    const path = `/images/${id}/links`;
    const key = randomUUID();
    const first = await post(path, owner, { expiring_time_seconds: 300 }, key);
    const link = (await first.json()) as { id: string; url: string };
    expect(first.status).toBe(201);
    const list = () => expectJson<{ count: number }>(send(server.current, 'GET', path, owner));
    for (const expected of [1, 0]) {
      const again = await post(path, owner, { expiring_time_seconds: 300 }, key);
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(await again.json()).toEqual(link);
      expect((await fetch(link.url, { method: 'HEAD' })).status).toBe(expected ? 200 : 404);
      await send(server.current, 'DELETE', `${path}/${link.id}`, owner);
      expect((await list()).count).toBe(0);
    }
  });

  const uploadAs = (user: TestUser, key: string, form: Partial<UploadForm> = {}) =>
    upload(server.current, user.token, {
      image: jpeg,
      headers: { 'idempotency-key': key },
      ...form,
    });
  const imagesOf = (user: TestUser) =>
    expectJson<{ count: number }>(send(server.current, 'GET', '/images', user));

  it('uploads an image once', async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const key = randomUUID();
    const fields = { expiring_time_seconds: '300' };
    const before = storedFiles(server.current).length;
    const first = await uploadAs(owner, key, { fields });
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    const image = (await first.json()) as ImageView;
    for (const name of ['picture.jpg', 'other.jpg']) {
      const again = await uploadAs(owner, key, { fields, name });
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(await again.json()).toEqual(image);
    }
    expect((await imagesOf(owner)).count).toBe(1);
    expect(storedFiles(server.current).length).toBe(before + 1);
    for (const form of [{ image: fixture('progressive.jpg'), fields }, {}]) {
      const other = await uploadAs(owner, key, form);
      expect([other.status, await other.json()]).toMatchObject([
        422,
        { code: 'idempotency_key_reused' },
      ]);
    }
    for (const bad of ['', 'x'.repeat(256)]) {
      const refused = await uploadAs(owner, bad);
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { code: 'validation_failed' },
      ]);
    }
    const stranger = await userWith(server.current);
    const theirs = (await (await uploadAs(stranger, key)).json()) as ImageView;
    expect(theirs.id).not.toBe(image.id);
  });

  it('uploads an image once among several at once, and leaves one object', async () => {
    const owner = await userWith(server.current, { tier: 'basic' });
    const key = randomUUID();
    const before = storedFiles(server.current).length;
    const answers = await Promise.all(Array.from({ length: 4 }, () => uploadAs(owner, key)));
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<ImageView>));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers.has('idempotent-replayed'));
    expect(replayed).toHaveLength(3);
    expect((await imagesOf(owner)).count).toBe(1);
    expect(storedFiles(server.current).length).toBe(before + 1);
  });
});
