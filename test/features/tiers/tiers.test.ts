import { describe, expect, it } from 'vitest';
import { expectJson, register, send, serverOn, signIn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import {
  fixture,
  type ImageView,
  sizesIn,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';

const jpeg = fixture('baseline.jpg');

interface TierView {
  name: string;
  built_in: boolean;
  thumbnail_heights: number[];
  original: boolean;
  expiring_links: boolean;
  max_bytes: number;
  quota_bytes: number;
}

describeOnEachDatabase('tiers', (kind) => {
  const server = serverOn(kind);
  let names = 0;
  const freshName = () => `tier-${++names}`;
  const admin = () => userWith(server.current, { role: 'admin' });
  const call = (method: string, path: string, { token }: TestUser, body?: object) =>
    send(server.current, method, `/tiers${path}`, { token, ...(body && { body }) });
  const codeOf = async (answer: Promise<Response>) => {
    const response = await answer;
    return [response.status, ((await response.json()) as { code: string }).code];
  };

  it('that are built in are there from the start, and a new account is basic', async () => {
    const { results } = await expectJson<{ results: TierView[] }>(call('GET', '', await admin()));
    const builtIn = results.filter((tier) => tier.built_in);
    const rights = (tier: TierView) => [
      tier.name,
      tier.thumbnail_heights,
      tier.original,
      tier.expiring_links,
    ];
    expect(builtIn.map(rights)).toEqual([
      ['basic', [200], false, false],
      ['enterprise', [200, 400], true, true],
      ['premium', [200, 400], true, false],
    ]);
    const account = await register(server.current);
    const token = (await signIn(server.current, account)).access_token;
    const image = await uploaded(server.current, { token }, jpeg);
    expect(sizesIn(image)).toEqual(['200px']);
  });

  it('can be read by whoever has them, as they are now', async () => {
    const user = await userWith(server.current, { tier: 'premium' });
    const all = await expectJson<{ results: TierView[] }>(call('GET', '', await admin()));
    const mine = () => expectJson<TierView>(call('GET', '/mine', user));
    expect(await mine()).toEqual(all.results.find(({ name }) => name === 'premium'));
    const members = { tier: 'basic' };
    const path = `/accounts/${user.id}`;
    await expectJson(
      send(server.current, 'PATCH', path, { token: (await admin()).token, body: members }),
    );
    expect(await mine()).toMatchObject({ name: 'basic' });
    for (const other of ['', '/basic', '/premium']) {
      expect(await codeOf(call('GET', other, user))).toEqual([403, 'insufficient_scope']);
    }
  });

  it('cannot have the name that stands for one’s own', async () => {
    const user = await admin();
    const named = (name: string) => ({ name, thumbnail_heights: [50] });
    const answer = expectJson(call('POST', '', user, named('mine')), 400);
    expect(await answer).toMatchObject({ code: 'validation_failed', errors: [{ path: '/name' }] });
    await expectJson(call('POST', '', user, named('mine-too')), 201);
    expect(await codeOf(call('PATCH', '/mine', user, { original: true }))).toEqual([
      404,
      'tier_not_found',
    ]);
  });

  it('are made, read, changed and deleted', async () => {
    const user = await admin();
    const name = freshName();
    const rights = { thumbnail_heights: [300, 50], original: true };
    const created = await call('POST', '', user, { name, ...rights });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`${server.current.url}/tiers/${name}`);
    const tier = {
      name,
      built_in: false,
      thumbnail_heights: [50, 300],
      original: true,
      expiring_links: false,
      max_bytes: 10 * 1024 ** 2,
      quota_bytes: 1024 ** 3,
    };
    expect(await created.json()).toEqual(tier);
    const changes = { thumbnail_heights: [77], max_bytes: 5 };
    const changed = call('PATCH', `/${name}`, user, changes);
    expect(await expectJson(changed)).toEqual({ ...tier, ...changes });
    expect(await expectJson(call('GET', `/${name}`, user))).toEqual({ ...tier, ...changes });
    expect((await call('DELETE', `/${name}`, user)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(await codeOf(call(method, `/${name}`, user))).toEqual([404, 'tier_not_found']);
    }
  });

  it('count at once, for accounts that have them', async () => {
    const user = await admin();
    const name = freshName();
    await expectJson(call('POST', '', user, { name, thumbnail_heights: [100] }), 201);
    const owner = await userWith(server.current);
    const give = { token: user.token, body: { tier: name } };
    await expectJson(send(server.current, 'PATCH', `/accounts/${owner.id}`, give));
    const { id, images } = await uploaded(server.current, owner, jpeg);
    expect(images.map(({ size, width, height }) => [size, width, height])).toEqual([
      ['100px', 150, 100],
    ]);
    const changes = { thumbnail_heights: [16, 2000], max_bytes: 10 };
    await expectJson(call('PATCH', `/${name}`, user, changes));
    const now = await expectJson<ImageView>(send(server.current, 'GET', `/images/${id}`, owner));
    expect(sizesIn(now)).toEqual(['16px', '2000px']);
    for (const [size, status] of [
      ['16px', 200],
      ['2000px', 200],
      ['100px', 404],
    ] as const) {
      const read = await send(server.current, 'GET', `/images/${id}/${size}`, owner);
      expect([size, read.status]).toEqual([size, status]);
    }
    const large = upload(server.current, owner.token, { image: jpeg });
    expect(await codeOf(large)).toEqual([413, 'image_too_large']);
  });

  it('keep all of several changes that are made at once', async () => {
    const user = await admin();
    for (let round = 0; round < 10; round++) {
      const name = freshName();
      await expectJson(call('POST', '', user, { name, thumbnail_heights: [100] }), 201);
      const changes = [
        { thumbnail_heights: [50] },
        { original: true },
        { expiring_links: true },
        { max_bytes: 123 },
        { quota_bytes: 456 },
      ];
      await Promise.all(changes.map((body) => expectJson(call('PATCH', `/${name}`, user, body))));
      const tier = await expectJson(call('GET', `/${name}`, user));
      expect(tier).toEqual(Object.assign({ name, built_in: false }, ...changes));
    }
  });

  it('in use, built in or there already are not touched', async () => {
    const user = await admin();
    const name = freshName();
    const body = { name, thumbnail_heights: [100] };
    await expectJson(call('POST', '', user, body), 201);
    expect(await codeOf(call('POST', '', user, body))).toEqual([409, 'tier_exists']);
    expect(await codeOf(call('POST', '', user, { ...body, name: 'basic' }))).toEqual([
      409,
      'tier_exists',
    ]);
    const owner = await userWith(server.current, { tier: name });
    expect(await codeOf(call('DELETE', `/${name}`, user))).toEqual([409, 'tier_in_use']);
    expect((await uploaded(server.current, owner, jpeg)).images).toHaveLength(1);
    expect(await codeOf(call('DELETE', '/premium', user))).toEqual([409, 'tier_built_in']);
    expect(await codeOf(call('PATCH', '/nothing', user, { original: true }))).toEqual([
      404,
      'tier_not_found',
    ]);
  });

  it('are not deleted while an account gets them', async () => {
    const [user, owner] = [await admin(), await userWith(server.current)];
    for (let round = 0; round < 10; round++) {
      const name = freshName();
      await expectJson(call('POST', '', user, { name, thumbnail_heights: [100] }), 201);
      const give = { token: user.token, body: { tier: name } };
      const path = `/accounts/${owner.id}`;
      const [given, deleted] = await Promise.all([
        send(server.current, 'PATCH', path, give),
        call('DELETE', `/${name}`, user),
      ]);
      expect([given.status, deleted.status]).toEqual(
        given.status === 200 ? [200, 409] : [400, 204],
      );
    }
  });

  it('that do not exist cannot be given to an account', async () => {
    const { token } = await admin();
    const owner = await userWith(server.current);
    const path = `/accounts/${owner.id}`;
    const answer = send(server.current, 'PATCH', path, { token, body: { tier: 'nothing' } });
    expect(await codeOf(answer)).toEqual([400, 'unknown_tier']);
  });

  describe('are refused', () => {
    const heights = { thumbnail_heights: [200] };
    it.each([
      ['without heights', {}],
      ['with no height', { thumbnail_heights: [] }],
      ['with eleven heights', { thumbnail_heights: Array.from({ length: 11 }, (_, i) => 100 + i) }],
      ['with the same height twice', { thumbnail_heights: [100, 100] }],
      ['with a height of 15', { thumbnail_heights: [15] }],
      ['with a height of 2,001', { thumbnail_heights: [2001] }],
      ['with a broken height', { thumbnail_heights: [100.5] }],
      ['with a name that is none', { ...heights, name: '../x' }],
      ['with an unknown member', { ...heights, links: true }],
      ['with text for a number', { ...heights, max_bytes: '10' }],
      ['with no room', { ...heights, quota_bytes: 0 }],
    ])('%s', async (_, body) => {
      const answer = call('POST', '', await admin(), { name: freshName(), ...body });
      expect(await codeOf(answer)).toEqual([400, 'validation_failed']);
    });
  });
});
