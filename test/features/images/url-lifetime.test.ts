import { describe, expect, it, vi } from 'vitest';
import { CHEAP_HASHES, expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  type ImageView,
  uploaded,
  urlOf,
  userWith,
} from '../../helpers/images.ts';
import { serverForTest } from '../../helpers/server.ts';

const jpeg = fixture('baseline.jpg');
const DAY = 86_400_000;

const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, ((await response.json()) as { code: string }).code];
};

describe('the lifetime of an address', () => {
  const server = serverOn(sqlite);
  const at = async <T>(time: number, work: () => Promise<T>): Promise<T> => {
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    try {
      return await work();
    } finally {
      vi.useRealTimers();
    }
  };
  // Tokens live for an hour, so a day begins while one is valid.
  const midnight = (Math.floor(Date.now() / DAY) + 1) * DAY;
  const signed = async (time: number, size = '200px') =>
    at(time, async () => {
      const owner = await userWith(server.current, { tier: 'premium' });
      const image = await uploaded(server.current, owner, jpeg);
      const view = () =>
        expectJson<ImageView>(send(server.current, 'GET', `/images/${image.id}`, owner));
      return { url: urlOf(image, size), view };
    });

  it('is more than one day and at most two; the address is the same for a day', async () => {
    const first = await signed(midnight - 1);
    const expires = (url: string) => Number(new URL(url).searchParams.get('expires')) * 1000;
    expect(expires(first.url)).toBe(midnight + DAY);
    const next = await at(midnight, first.view);
    expect(expires(urlOf(next, '200px'))).toBe(midnight + 2 * DAY);
    expect(urlOf(next, '200px')).not.toBe(first.url);
    const later = await at(midnight + 3_000_000, first.view);
    expect(later).toEqual(next);
  });

  it('ends on the millisecond, and no cache keeps the image for longer', async () => {
    const { url } = await signed(midnight - 1);
    const end = midnight + DAY;
    const cacheControl = async () => (await fetch(url)).headers.get('cache-control');
    expect(await at(end - 301_000, cacheControl)).toBe('private, max-age=300, must-revalidate');
    expect(await at(end - 1, cacheControl)).toBe('private, max-age=0, must-revalidate');
    for (const time of [end, end + 1, end + 400 * DAY]) {
      expect(await at(time, () => codeOf(fetch(url)))).toEqual([403, 'signature_expired']);
      expect(await at(time, cacheControl)).toBe('no-store');
    }
  });

  it.each([
    ['60', 60_000],
    ['2592000', 30 * DAY],
  ])('is IMAGE_URL_LIFETIME: %s', async (seconds, lifetime) => {
    const own = await serverForTest({ ...CHEAP_HASHES, IMAGE_URL_LIFETIME: seconds });
    const now = Date.now();
    const image = await uploaded(own, await userWith(own), jpeg);
    const expires = Number(new URL(image.images[0]!.url).searchParams.get('expires')) * 1000;
    expect(expires % lifetime).toBe(0);
    expect(expires).toBeGreaterThan(now + lifetime);
    expect(expires).toBeLessThanOrEqual(Date.now() + 2 * lifetime);
  });

  it('of 0 turns signing off, also for addresses that were signed before', async () => {
    const own = await serverForTest({ ...CHEAP_HASHES, IMAGE_URL_LIFETIME: '0' });
    const owner = await userWith(own);
    const { images, id } = await uploaded(own, owner, jpeg);
    expect(images[0]!.url).toBe(`${own.url}/images/${id}/200px`);
    expect(await codeOf(fetch(images[0]!.url))).toEqual([401, 'missing_token']);
    expect((await download(own, owner, id, '200px')).length).toBeGreaterThan(0);
    const { search } = new URL((await signed(Date.now())).url);
    expect(await codeOf(fetch(images[0]!.url + search))).toEqual([403, 'invalid_signature']);
  });
});
