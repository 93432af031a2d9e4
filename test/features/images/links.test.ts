import { spawnSync } from 'node:child_process';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { createLinkTokens } from '../../../src/features/images/links/tokens.ts';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../../helpers/databases.ts';
import { fixture, type TestUser, uploaded, userWith } from '../../helpers/images.ts';

const jpeg = fixture('baseline.jpg');

interface LinkView {
  id: string;
  url: string;
  size: string;
  created: string;
  expires: string | null;
}
type Server = Parameters<typeof send>[0];

const makeLink = (server: Server, { token }: TestUser, imageId: string, body: object) =>
  send(server, 'POST', `/images/${imageId}/links`, { token, body });
const linkTo = (server: Server, user: TestUser, imageId: string, body: object = {}) =>
  expectJson<LinkView>(
    makeLink(server, user, imageId, { expiring_time_seconds: 300, ...body }),
    201,
  );
const codeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

describeOnEachDatabase('links', (kind) => {
  const server = serverOn(kind);
  const enterprise = () => userWith(server.current, { tier: 'enterprise' });

  it('show one size to anyone, at their own address, until they end', async () => {
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const link = await linkTo(server.current, owner, id, { size: '200px' });
    const lifetime = Date.parse(link.expires!) - Date.parse(link.created);
    expect([link.size, lifetime]).toEqual(['200px', 300_000]);
    const response = await fetch(link.url, { redirect: 'error' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const maxAge = Number(
      /^public, max-age=(\d+), must-revalidate$/.exec(response.headers.get('cache-control')!)?.[1],
    );
    expect(maxAge).toBeGreaterThan(290);
    expect(maxAge).toBeLessThanOrEqual(300);
    const own = await send(server.current, 'GET', `/images/${id}/200px`, owner);
    expect(response.headers.get('etag')).toBe(own.headers.get('etag'));
    expect(await response.bytes()).toEqual(await own.bytes());
  });

  it('know HEAD, ranges and ETags', async () => {
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const { url } = await linkTo(server.current, owner, id);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, `${jpeg.length}`]);
    expect((await fetch(url, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
    const etag = head.headers.get('etag')!;
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('lead to the best size of the tier if none is asked for', async () => {
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    expect((await linkTo(server.current, owner, id)).size).toBe('original');
  });

  it('are listed until they are revoked, which counts at once', async () => {
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const first = await linkTo(server.current, owner, id);
    const second = await linkTo(server.current, owner, id, { size: '400px' });
    const path = `/images/${id}/links`;
    type Page = { count: number; results: LinkView[] };
    const list = () => expectJson<Page>(send(server.current, 'GET', path, owner));
    expect((await list()).results).toEqual([second, first]);
    const revoke = () => send(server.current, 'DELETE', `${path}/${first.id}`, owner);
    expect((await revoke()).status).toBe(204);
    expect(await codeOf(await fetch(first.url))).toEqual([404, 'link_not_found']);
    expect(await codeOf(await revoke())).toEqual([404, 'link_not_found']);
    expect(await list()).toMatchObject({ count: 1, results: [second] });
    expect((await fetch(second.url)).status).toBe(200);
  });

  it('end with the right to them, and to the size', async () => {
    const admin = await userWith(server.current, { role: 'admin' });
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const { url } = await linkTo(server.current, owner, id, { size: '400px' });
    const setTier = (tier: string) =>
      send(server.current, 'PATCH', `/accounts/${owner.id}`, { ...admin, body: { tier } });
    expect((await fetch(url)).status).toBe(200);
    await setTier('premium');
    expect(await codeOf(await fetch(url))).toEqual([404, 'link_not_found']);
    await setTier('enterprise');
    expect((await fetch(url)).status).toBe(200);
  });

  it('without an end are made by administrators alone, whatever the tier', async () => {
    const admin = await userWith(server.current, { role: 'admin' });
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const endless = { expiring_time_seconds: null };
    const refused = await makeLink(server.current, owner, id, endless);
    expect(await codeOf(refused)).toEqual([403, 'endless_link_forbidden']);
    const photo = await uploaded(server.current, admin, jpeg);
    const link = await linkTo(server.current, admin, photo.id, endless);
    expect([link.expires, link.size]).toEqual([null, '200px']);
    const response = await fetch(link.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300, must-revalidate');
  });

  it('that have expired say so, and are not listed', async () => {
    const owner = await enterprise();
    const { id } = await uploaded(server.current, owner, jpeg);
    const { url } = await linkTo(server.current, owner, id);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 299_000 });
    try {
      const late = await fetch(url);
      expect(late.headers.get('cache-control')).toMatch(/^public, max-age=[01], must-revalidate$/);
      vi.setSystemTime(now + 301_000);
      const expired = await fetch(url);
      expect(expired.headers.get('cache-control')).toBe('no-store');
      expect(await codeOf(expired)).toEqual([410, 'link_expired']);
      const list = send(server.current, 'GET', `/images/${id}/links`, owner);
      expect(await expectJson(list)).toMatchObject({ count: 0, results: [] });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the address of a link', () => {
  const server = serverOn(sqlite);
  const make = async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const { id } = await uploaded(server.current, owner, jpeg);
    return { owner, id, link: await linkTo(server.current, owner, id) };
  };
  const follow = (token: string) => fetch(`${server.current.url}/links/${token}`);

  it('means nothing once any of its characters is another', async () => {
    const { link } = await make();
    const token = link.url.split('/').at(-1)!;
    expect(token).toMatch(/^[\w-]{76}$/);
    for (let at = 0; at < token.length; at++) {
      for (const other of ['A', '_', 'z']) {
        if (token[at] === other) continue;
        const response = await follow(token.slice(0, at) + other + token.slice(at + 1));
        expect(await codeOf(response)).toEqual([404, 'link_not_found']);
      }
    }
  });

  it.each(['x', 'a'.repeat(76), '%00', '..%2f..%2fetc', 'A'.repeat(75), 'A'.repeat(77)])(
    'means nothing where it is %s',
    async (token) => {
      expect((await follow(token)).status).toBe(404);
    },
  );

  it('cannot be made with another key, or for another link', async () => {
    const { link } = await make();
    const key = { kid: Buffer.alloc(3), secret: Buffer.alloc(32) };
    const token = link.url.split('/').at(-1)!;
    const forged = createLinkTokens(() => [
      { ...key, kid: Buffer.from(token, 'base64url').subarray(0, 3) },
    ]);
    const claims = { linkId: link.id, expiresAt: Date.parse(link.expires!) };
    expect((await follow(forged.sign(claims))).status).toBe(404);
  });

  it('is not in the log', async () => {
    const { link } = await make();
    await fetch(link.url);
    const token = link.url.split('/').at(-1)!;
    await expect.poll(() => server.current.logs()).toContain('/links/:token');
    expect(server.current.logs()).not.toContain(token);
  });

  it('survives a new key, and dies with the key that signed it', async () => {
    const { owner, id, link } = await make();
    const rotate = (...args: string[]) => {
      const command = new URL('../../../src/commands/rotate-link-keys.ts', import.meta.url)
        .pathname;
      const env = { ...process.env, DATA_DIR: server.current.config.dataDir };
      const { status, stderr } = spawnSync(process.execPath, [command, ...args], { env });
      expect({ status, stderr: String(stderr) }).toMatchObject({ status: 0 });
    };
    const fresh = async () => (await linkTo(server.current, owner, id)).url;
    const kidIn = (url: string) => url.split('/').at(-1)!.slice(0, 4);
    rotate();
    await expect
      .poll(async () => kidIn(await fresh()), { timeout: 12_000, interval: 500 })
      .not.toBe(kidIn(link.url));
    expect((await fetch(link.url)).status).toBe(200);
    rotate('--immediately');
    await expect
      .poll(async () => (await fetch(link.url)).status, { timeout: 12_000, interval: 500 })
      .toBe(404);
    const list = send(server.current, 'GET', `/images/${id}/links?limit=200`, owner);
    const { results } = await expectJson<{ results: LinkView[] }>(list);
    const again = results.find((one) => one.id === link.id)!;
    expect((await fetch(again.url)).status).toBe(200);
  });

  it('does not lead to an image of which the row of the link is gone', async () => {
    const { link } = await make();
    await sql`delete from image_links where id = ${link.id}`.execute(
      server.current.app.database.db,
    );
    expect((await fetch(link.url)).status).toBe(404);
  });
});
