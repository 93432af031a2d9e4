import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredLinkKeys } from '../../src/features/images/links/keys.ts';
import { readKeyFile, replaceKeyFile } from '../../src/key-file.ts';
import { expectJson, send } from '../helpers/accounts.ts';
import { fixture, type ImageView, uploaded, urlOf } from '../helpers/images.ts';
import { statusOf } from './calls.ts';
import { operations } from './spec.ts';
import { openTarget, type Target } from './target.ts';
import { CALLERS, createWorld, type World } from './world.ts';

let target: Target;
let world: World;
let image: ImageView;
let original: URL;
let thumbnail: URL;
beforeAll(async () => {
  target = await openTarget();
  world = await createWorld(target);
  image = await uploaded(target, { token: world.user.access_token }, fixture('baseline.jpg'));
  original = new URL(urlOf(image, 'original'));
  thumbnail = new URL(urlOf(image, '200px'));
  for (const { searchParams } of [original, thumbnail]) {
    target.keepSecret(searchParams.get('signature')!);
  }
});
afterAll(() => target?.close());

const REFUSED = [403, 'invalid_signature'];
async function codeOf(url: string | URL): Promise<unknown[]> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.ok) return [response.status];
  const { signature } = Object.fromEntries(new URL(url).searchParams);
  if (signature) expect(text).not.toContain(signature);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return [response.status, (JSON.parse(text) as { code: string }).code];
}

/** Returns an address with other parameters. */
function changed(url: URL, parameters: Record<string, string>): URL {
  const copy = new URL(url);
  for (const [name, value] of Object.entries(parameters)) copy.searchParams.set(name, value);
  return copy;
}
const partsOf = ({ searchParams }: URL) => ({
  expires: searchParams.get('expires')!,
  signature: searchParams.get('signature')!,
});

/** Signs any text with a key of the server, in the form of an address. */
function signatureOf(kid: string, secret: string, text: string, version = 1): string {
  const head = Buffer.from([version, ...Buffer.from(kid, 'base64url')]);
  const mac = createHmac('sha256', Buffer.from(secret, 'base64url'));
  const bytes = mac.update('tally image url').update(head).update(text).digest();
  return Buffer.concat([head, bytes]).toString('base64url');
}

describe('the signed address of an image', () => {
  it('shows it to those without a token; with one, the token decides', async () => {
    const operation = operations.find(({ id }) => id === 'downloadImage')!;
    const statuses: Record<string, number> = {};
    for (const caller of CALLERS) {
      const call = { path: { id: image.id, size: 'original' }, query: original.search.slice(1) };
      statuses[caller] = await statusOf(target, operation, call, world.tokens[caller]);
    }
    expect(statuses).toEqual({
      nobody: 200,
      guest: 403,
      user: 200,
      another: 404,
      admin: 200,
      expired: 401,
      ended: 401,
      disabled: 401,
    });
  });

  it('means nothing once any character of its signature is another', async () => {
    const { signature } = partsOf(original);
    expect(signature).toMatch(/^[\w-]{48}$/);
    for (let at = 0; at < signature.length; at++) {
      for (const other of ['A', 'B', '_', 'z']) {
        if (signature[at] === other) continue;
        const tampered = signature.slice(0, at) + other + signature.slice(at + 1);
        expect(await codeOf(changed(original, { signature: tampered }))).toEqual(REFUSED);
      }
    }
  });

  it.each([
    ['later', (text: string) => String(Number(text) + 1)],
    ['a day later', (text: string) => String(Number(text) + 86_400)],
    ['earlier', (text: string) => String(Number(text) - 1)],
    ['of another spelling', (text: string) => `0${text}`],
    ['with a fraction', (text: string) => `${text}.0`],
    ['with a sign', (text: string) => `+${text}`],
    ['with a blank', (text: string) => ` ${text}`],
    ['in other digits', (text: string) => text.replace('1', '１')],
    ['in the exponent form', (text: string) => `${Number(text) / 100}e2`],
    ['empty', () => ''],
  ])('means nothing with an expiry that is %s', async (_, change) => {
    const { expires } = partsOf(original);
    expect(await codeOf(changed(original, { expires: change(expires) }))).toEqual(REFUSED);
  });

  it('opens no other size, spelling of a size, or image', async () => {
    const strange = await uploaded(
      target,
      { token: world.tokens.another! },
      fixture('grey-restart.jpg'),
    );
    const paths = [
      ...['400px', 'original', '0200px', '200PX', '200px%20', '%20200px', '200px%00', '..'],
    ].map((size) => `/images/${image.id}/${size}`);
    paths.push(`/images/${strange.id}/200px`, `/images/${image.id.toUpperCase()}/200px`);
    for (const path of paths) {
      const response = await fetch(target.url + path + thumbnail.search);
      await response.body?.cancel();
      expect([path, response.status >= 400]).toEqual([path, true]);
    }
    expect(await codeOf(changed(original, partsOf(thumbnail)))).toEqual(REFUSED);
    expect(await codeOf(changed(thumbnail, partsOf(original)))).toEqual(REFUSED);
    const foreign = new URL(urlOf(strange, '200px'));
    expect(await codeOf(changed(thumbnail, partsOf(foreign)))).toEqual(REFUSED);
    expect(await codeOf(thumbnail)).toEqual([200]);
  });

  it.each([
    ['no signature', 'expires=9999999999', [401, 'missing_token']],
    ['an empty one', 'signature=', REFUSED],
    ['no expiry', 'signature=SIGNATURE', REFUSED],
    ['two of each', 'SEARCH&SEARCH', [400, 'validation_failed']],
    ['a list', 'expires=EXPIRES&signature[]=SIGNATURE', [401, 'missing_token']],
    ['more', 'SEARCH&width=9', [400, 'validation_failed']],
    ['padding', 'SEARCH%3D', REFUSED],
    ['a NUL', 'SEARCH%00', [400, 'validation_failed']],
    ['too much', `SEARCH${'A'.repeat(100)}`, [400, 'validation_failed']],
    ['another case', 'expires=EXPIRES&Signature=SIGNATURE', [401, 'missing_token']],
  ])('is refused with %s', async (_, template, expected) => {
    const { expires, signature } = partsOf(original);
    const search = template
      .replaceAll('SEARCH', original.search.slice(1))
      .replace('EXPIRES', expires)
      .replace('SIGNATURE', signature);
    expect(await codeOf(`${target.url}${original.pathname}?${search}`)).toEqual(expected);
  });

  it('with a wrong signature tells nothing of what exists', async () => {
    const search = changed(original, { signature: 'A'.repeat(48) }).search;
    const other = '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071';
    for (const path of [`${image.id}/original`, `${image.id}/77px`, `${other}/original`]) {
      expect(await codeOf(`${target.url}/images/${path}${search}`)).toEqual(REFUSED);
    }
  });

  it('opens nothing but bytes: no image, list, link or deletion', async () => {
    const { search } = original;
    for (const [method, path] of [
      ['GET', `/images/${image.id}`],
      ['DELETE', `/images/${image.id}`],
      ['GET', `/images/${image.id}/links`],
      ['POST', `/images/${image.id}/links`],
      ['GET', '/images'],
      ['GET', '/accounts/me'],
    ] as const) {
      const response = await fetch(target.url + path + search, { method });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });

  it('and the token of a link do not pass for each other', async () => {
    const { token } = await world.link();
    const linked = changed(original, { signature: token.slice(0, 48) });
    expect(await codeOf(linked)).toEqual(REFUSED);
    const { signature } = partsOf(original);
    for (const text of [signature, signature.padEnd(76, 'A')]) {
      expect(await codeOf(`${target.url}/links/${text}`)).toEqual([404, 'link_not_found']);
    }
  });
});

describe('the keys of addresses', () => {
  const path = () => join(target.dataDir, 'link-keys.json');
  const stored = () => readKeyFile<StoredLinkKeys>(path())!;
  const poll = { timeout: 12_000, interval: 300 };

  it('sign nothing but this form, in this version', async () => {
    const { kid, secret } = stored().keys.at(-1)!;
    const { expires, signature } = partsOf(original);
    const content = `${expires} ${image.id} original`;
    expect(signatureOf(kid, secret, content)).toBe(signature);
    for (const forged of [
      signatureOf(kid, secret, content, 2),
      signatureOf(kid, secret, content, 0),
      signatureOf(kid, Buffer.alloc(32).toString('base64url'), content),
      signatureOf('AAAA', secret, content),
      signatureOf(kid, secret, `${expires} ${image.id} 200px`),
      signatureOf(kid, '', content),
    ]) {
      expect(await codeOf(changed(original, { signature: forged }))).toEqual(REFUSED);
    }
    const past = '1000000000';
    const late = signatureOf(kid, secret, `${past} ${image.id} original`);
    target.keepSecret(late);
    const expired = changed(original, { expires: past, signature: late });
    expect(await codeOf(expired)).toEqual([403, 'signature_expired']);
  });

  it('overlap while they are replaced, and end what they signed when they are dropped', async () => {
    const view = () =>
      expectJson<ImageView>(
        send(target, 'GET', `/images/${image.id}`, { token: world.tokens.user }),
      );
    const before = stored();
    const fresh = { kid: 'BBBB', secret: Buffer.alloc(32, 7).toString('base64url') };
    replaceKeyFile(path(), { keys: [...before.keys, fresh] });
    await expect.poll(async () => urlOf(await view(), 'original'), poll).not.toBe(original.href);
    const next = new URL(urlOf(await view(), 'original'));
    expect(await codeOf(next)).toEqual([200]);
    expect(await codeOf(original)).toEqual([200]);
    replaceKeyFile(path(), { keys: [fresh] });
    await expect.poll(() => codeOf(original), poll).toEqual(REFUSED);
    expect(await codeOf(next)).toEqual([200]);
  });
});

it('puts no signature into the log', () => {
  expect(target.leaks()).toEqual([]);
});
