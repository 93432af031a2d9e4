import { beforeAll, describe, expect, it } from 'vitest';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import { fixture, type TestUser, upload, uploaded, userWith } from '../../helpers/images.ts';
import { guestToken } from '../../helpers/server.ts';

const TIERS = ['basic', 'premium', 'enterprise'] as const;
type Tier = (typeof TIERS)[number];
/** The owner, another user and an administrator are of the tier; the image is the owner's. */
const CALLERS = ['nobody', 'guest', 'another', 'owner', 'admin'] as const;
type Caller = (typeof CALLERS)[number];

interface Route {
  name: string;
  method: string;
  path: string;
  body?: object;
  /** By caller; one for all tiers, or by tier: basic, premium, enterprise. */
  expected: Record<Caller, number | [number, number, number]>;
}

const jpeg = fixture('baseline.jpg');
const signedInOnly = { nobody: 401, guest: 403 };
const ownImage = (status: number | [number, number, number]) => ({
  ...signedInOnly,
  another: 404,
  owner: status,
  admin: status,
});
const adminOnly = (status: number) => ({
  ...signedInOnly,
  another: 403,
  owner: 403,
  admin: status,
});
const link = { expiring_time_seconds: 300, size: '200px' };
const tier = { name: 'made', thumbnail_heights: [64] };

/** In this order; `:image`, `:link` and `:token` are of an image of the owner that is made for each call. */
const ROUTES: Route[] = [
  {
    name: 'upload',
    method: 'UPLOAD',
    path: '',
    expected: { ...signedInOnly, another: 201, owner: 201, admin: 201 },
  },
  {
    name: 'upload with a link',
    method: 'UPLOAD',
    path: '300',
    expected: {
      ...signedInOnly,
      another: [403, 403, 201],
      owner: [403, 403, 201],
      admin: 201,
    },
  },
  {
    name: 'list',
    method: 'GET',
    path: '/images',
    expected: { ...signedInOnly, another: 200, owner: 200, admin: 200 },
  },
  { name: 'get', method: 'GET', path: '/images/:image', expected: ownImage(200) },
  { name: '200px', method: 'GET', path: '/images/:image/200px', expected: ownImage(200) },
  {
    name: '400px',
    method: 'GET',
    path: '/images/:image/400px',
    expected: ownImage([404, 200, 200]),
  },
  {
    name: 'original',
    method: 'GET',
    path: '/images/:image/original',
    expected: ownImage([404, 200, 200]),
  },
  {
    name: 'HEAD of the original',
    method: 'HEAD',
    path: '/images/:image/original',
    expected: ownImage([404, 200, 200]),
  },
  { name: 'a size of no tier', method: 'GET', path: '/images/:image/1px', expected: ownImage(404) },
  {
    name: 'make a link',
    method: 'POST',
    path: '/images/:image/links',
    body: link,
    expected: { ...ownImage([403, 403, 201]), admin: 201 },
  },
  {
    name: 'make a link to the original',
    method: 'POST',
    path: '/images/:image/links',
    body: { ...link, size: 'original' },
    expected: { ...ownImage([403, 403, 201]), admin: [404, 201, 201] },
  },
  {
    name: 'make an endless link',
    method: 'POST',
    path: '/images/:image/links',
    body: { ...link, expiring_time_seconds: null },
    expected: { ...ownImage(403), admin: 201 },
  },
  { name: 'list links', method: 'GET', path: '/images/:image/links', expected: ownImage(200) },
  {
    name: 'revoke a link',
    method: 'DELETE',
    path: '/images/:image/links/:link',
    expected: ownImage(204),
  },
  {
    name: 'follow a link of an administrator',
    method: 'GET',
    path: '/links/:token',
    expected: { nobody: 200, guest: 200, another: 200, owner: 200, admin: 200 },
  },
  { name: 'delete', method: 'DELETE', path: '/images/:image', expected: ownImage(204) },
  { name: 'list tiers', method: 'GET', path: '/tiers', expected: adminOnly(200) },
  { name: 'get a tier', method: 'GET', path: '/tiers/basic', expected: adminOnly(200) },
  { name: 'make a tier', method: 'POST', path: '/tiers', body: tier, expected: adminOnly(201) },
  {
    name: 'change a tier',
    method: 'PATCH',
    path: '/tiers/made',
    body: { original: true },
    expected: adminOnly(200),
  },
  { name: 'delete a tier', method: 'DELETE', path: '/tiers/made', expected: adminOnly(204) },
];

describe.each(TIERS.map((name, index) => ({ name, index })))(
  'what is answered where the tier is $name',
  ({ name, index }) => {
    const server = serverOn(sqlite);
    const users = {} as Record<Caller, TestUser | { token: string | undefined }>;
    let helper: TestUser;
    beforeAll(async () => {
      users.nobody = { token: undefined };
      users.guest = { token: await guestToken(server.current) };
      users.another = await userWith(server.current, { tier: name satisfies Tier });
      users.owner = await userWith(server.current, { tier: name });
      users.admin = await userWith(server.current, { tier: name, role: 'admin' });
      helper = await userWith(server.current, { role: 'admin' });
    });

    async function fill(path: string): Promise<string> {
      if (!path.includes(':')) return path;
      const { id } = await uploaded(server.current, users.owner as TestUser, jpeg);
      const made = await expectJson<{ id: string; url: string }>(
        send(server.current, 'POST', `/images/${id}/links`, { ...helper, body: link }),
        201,
      );
      const token = made.url.split('/').at(-1)!;
      return path.replace(':image', id).replace(':link', made.id).replace(':token', token);
    }

    it.each(ROUTES)('to $name', async ({ method, path, body, expected }) => {
      const answers: Partial<Record<Caller, number>> = {};
      for (const caller of CALLERS) {
        const { token } = users[caller];
        const fields: Record<string, string> = path ? { expiring_time_seconds: path } : {};
        const response =
          method === 'UPLOAD'
            ? await upload(server.current, token, { image: jpeg, fields })
            : await send(server.current, method, await fill(path), {
                token,
                ...(body && { body }),
              });
        answers[caller] = response.status;
        await response.arrayBuffer();
      }
      const here = Object.entries(expected).map(([caller, status]) => [
        caller,
        typeof status === 'number' ? status : status[index],
      ]);
      expect(answers).toEqual(Object.fromEntries(here));
    });
  },
);
