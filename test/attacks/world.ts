import { createPrivateKey, sign } from 'node:crypto';
import { join } from 'node:path';
import type { StoredKeySet } from '../../src/features/auth/keys/key-ring.ts';
import { readKeyFile } from '../../src/key-file.ts';
import {
  expectJson,
  register,
  send,
  signIn,
  type TestAccount,
  type Tokens,
} from '../helpers/accounts.ts';
import { fixture, type ImageView, uploaded } from '../helpers/images.ts';
import { guestToken } from '../helpers/server.ts';
import { orderOf } from '../helpers/shop.ts';
import type { Target } from './target.ts';

/** Callers, one for each state of a token, and one without a token. */
export const CALLERS = [
  'nobody',
  'guest',
  'user',
  'another',
  'admin',
  'expired',
  'ended',
  'disabled',
] as const;
export type Caller = (typeof CALLERS)[number];

export interface Person extends TestAccount, Tokens {}

export type World = Awaited<ReturnType<typeof createWorld>>;

const RIGHTS = {
  admin: { role: 'admin', tier: 'enterprise' },
  user: { tier: 'enterprise' },
  another: {},
};

/** Everybody who may call, and makers of what they call about. What is made belongs to `user`. */
export async function createWorld(target: Target) {
  let count = 0;
  const fresh = () => `made-${++count}`;

  async function person(changes: Record<string, string | number> = {}): Promise<Person> {
    // Worlds on several databases have the same people.
    const account = await register(target, { email: `${fresh()}@example.com` });
    if (Object.keys(changes).length > 0) {
      await target.db.updateTable('accounts').set(changes).where('id', '=', account.id).execute();
    }
    const tokens = await signIn(target, account);
    for (const secret of [tokens.refresh_token, account.email]) target.keepSecret(secret);
    return { ...account, ...tokens };
  }

  const admin = await person(RIGHTS.admin);
  const user = await person(RIGHTS.user);
  const another = await person(RIGHTS.another);
  const ended = await person();
  await expectJson(send(target, 'POST', '/accounts/logout', { token: ended.access_token }), 204);
  const disabled = await person();
  const token = admin.access_token;
  const body = { disabled: true };
  await expectJson(send(target, 'PATCH', `/accounts/${disabled.id}`, { token, body }));
  const tokens: Record<Caller, string | undefined> = {
    nobody: undefined,
    guest: await guestToken(target, 'attacker'),
    user: user.access_token,
    another: another.access_token,
    admin: admin.access_token,
    expired: expiredToken(target, user.access_token),
    ended: ended.access_token,
    disabled: disabled.access_token,
  };
  const make = <T = { id: string }>(path: string, content: unknown, status = 201) =>
    expectJson<T>(send(target, 'POST', path, { token, body: content }), status);

  return {
    target,
    tokens,
    user,
    person,
    fresh,
    /** Signs in anew for callers whose session an attack has ended, as somebody else of the same rights. */
    async refreshTokens(): Promise<void> {
      for (const caller of ['user', 'another', 'admin'] as const) {
        const response = await send(target, 'GET', '/accounts/me', { token: tokens[caller] });
        await response.body?.cancel();
        if (!response.ok) tokens[caller] = (await person(RIGHTS[caller])).access_token;
      }
    },
    /** A token that takes the place of a caller's, for what ends its session or its account. */
    async spareToken(caller: Caller): Promise<Person | undefined> {
      if (caller === 'admin') return person(RIGHTS.admin);
      return caller === 'user' || caller === 'another' ? person() : undefined;
    },
    product: () =>
      make('/products', { name: 'Thing', price: 100, currency: 'EUR', quantity_in_stock: 1000 }),
    promotion: () =>
      make('/promotions', { name: 'Promotion', type: 'percentage', percentage: 10, code: fresh() }),
    async order(): Promise<{ id: string }> {
      const { id } = await this.product();
      const order = orderOf({ [id]: 1 });
      return expectJson(
        send(target, 'POST', '/orders', { token: user.access_token, body: order }),
        201,
      );
    },
    image: (): Promise<ImageView> =>
      uploaded(target, { token: user.access_token }, fixture('one-pixel.png')),
    async link(): Promise<{ id: string; image: string; token: string }> {
      const image = (await this.image()).id;
      const link = await make<{ id: string; url: string }>(`/images/${image}/links`, {
        expiring_time_seconds: 3000,
      });
      const linkToken = link.url.split('/').at(-1)!;
      target.keepSecret(linkToken);
      return { id: link.id, image, token: linkToken };
    },
    async tier(): Promise<{ name: string }> {
      return make('/tiers', { name: fresh(), thumbnail_heights: [64] });
    },
    /** A second session of the owner. */
    async session(): Promise<{ id: string }> {
      const { access_token } = await signIn(target, user);
      return { id: claimsOf(access_token).sid as string };
    },
  };
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
}

/** Signs the claims of a token again, as of two hours ago. */
function expiredToken({ dataDir }: Target, token: string): string {
  const { keys } = readKeyFile<StoredKeySet>(join(dataDir, 'signing-keys.json'))!;
  const claims = claimsOf(token);
  const past = Math.floor(Date.now() / 1000) - 7200;
  const header = token.split('.')[0];
  const payload = JSON.stringify({ ...claims, iat: past, exp: past + 3600 });
  const input = `${header}.${Buffer.from(payload).toString('base64url')}`;
  const key = createPrivateKey({ key: keys[0] as never, format: 'jwk' });
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
