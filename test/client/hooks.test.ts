import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AttemptEnd,
  type AttemptStart,
  ConnectionError,
  rawJson,
  Tally,
  type TallyOptions,
} from '../../generated-client/src/index.ts';
import { register, serverOn } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { freePort } from '../helpers/free-port.ts';
import { fixture, userWith } from '../helpers/images.ts';
import { answers, failureOf, faultServer, healthy } from './fault-server.ts';
import { openStore } from './signed-in.ts';

/** Makes options with hooks that record what they are told. */
function recording() {
  const starts: AttemptStart[] = [];
  const ends: AttemptEnd[] = [];
  const options = {
    onRequest: (attempt: AttemptStart) => void starts.push(attempt),
    onResponse: (attempt: AttemptEnd) => void ends.push(attempt),
  };
  return { starts, ends, options };
}

const busy = { status: 503, headers: { 'retry-after': '0', 'x-request-id': 'r-1' } };

describe('hooks', () => {
  it('are told of each attempt', async () => {
    const { url } = await faultServer(answers(busy, healthy));
    const { starts, ends, options } = recording();
    await new Tally({ baseUrl: url, ...options }).health.checkReadiness();
    const call = { operation: 'GET /health/ready', method: 'GET', path: '/health/ready' };
    expect(starts).toEqual([
      { ...call, attempt: 1 },
      { ...call, attempt: 2 },
    ]);
    const duration = expect.any(Number);
    const retryDelay = expect.any(Number);
    const error = expect.objectContaining({ name: 'ApiError', status: 503 });
    expect(ends).toEqual([
      { ...call, attempt: 1, status: 503, requestId: 'r-1', duration, error, retryDelay },
      {
        ...call,
        attempt: 2,
        status: 200,
        requestId: undefined,
        duration,
        error: undefined,
        retryDelay: undefined,
      },
    ]);
  });

  it('are told of attempts without an answer, and of those that are aborted', async () => {
    const { ends, options } = recording();
    const refused = new Tally({
      baseUrl: `http://localhost:${await freePort()}`,
      retries: 0,
      ...options,
    });
    const failure = await failureOf(refused.products.get('p'));
    expect(ends).toMatchObject([{ path: '/products/{id}', status: undefined, error: failure }]);
    const { url } = await faultServer(() => undefined);
    const controller = new AbortController();
    const signal = controller.signal;
    const call = new Tally({ baseUrl: url, ...options }).sum([1], { signal });
    setTimeout(() => controller.abort(), 50);
    expect(await failureOf(call)).toBe(signal.reason);
    expect(ends.at(-1)).toMatchObject({ path: '/sum', error: signal.reason });
  });

  it('add headers to an attempt', async () => {
    const received: unknown[] = [];
    const respond = answers(busy, healthy);
    const { url } = await faultServer((request, response) => {
      received.push([request.headers.traceparent, request.headers['x-mine']]);
      respond(request, response);
    });
    const onRequest: TallyOptions['onRequest'] = async ({ attempt }) =>
      attempt === 1 ? { traceparent: '00-1' } : undefined;
    const tally = new Tally({ baseUrl: url, headers: { 'x-mine': '1' }, onRequest });
    await tally.with({ retries: 1 }).health.checkReadiness();
    expect(received).toEqual([
      ['00-1', '1'],
      [undefined, '1'],
    ]);
  });

  it.each<keyof TallyOptions>(['onRequest', 'onResponse'])(
    'end the call with the error that they throw: %s',
    async (name) => {
      const { url, requests } = await faultServer(answers(busy));
      const reason = new Error('the hook failed');
      const fails = () => {
        throw reason;
      };
      for (const hook of [fails, async () => fails()]) {
        const tally = new Tally({ baseUrl: url, [name]: hook });
        expect(await failureOf(tally.health.checkReadiness())).toBe(reason);
      }
      expect(requests()).toBe(name === 'onRequest' ? 0 : 2);
    },
  );

  it('end a stream that is not handed over', async () => {
    let isOpen = true;
    const { url } = await faultServer((request, response) => {
      request.socket.once('close', () => {
        isOpen = false;
      });
      response.writeHead(200, { 'content-type': 'image/png' }).write('x');
    });
    const reason = new Error('the hook failed');
    const onResponse = async () => Promise.reject(reason);
    const { images } = new Tally({ baseUrl: url, token: 'x', onResponse });
    expect(await failureOf(images.stream('i', '200px'))).toBe(reason);
    await expect.poll(() => isOpen).toBe(false);
  });

  it('that do not return end the call at the time-out, or with the signal', async () => {
    const { url } = await faultServer(answers(healthy));
    const onRequest = () => new Promise<undefined>(() => undefined);
    const tally = new Tally({ baseUrl: url, timeout: 100, onRequest });
    expect(await failureOf(tally.health.checkReadiness())).toMatchObject({
      name: 'TimeoutError',
      message: 'A hook did not return for 100 ms.',
    });
    const signal = AbortSignal.timeout(50);
    const aborted = tally.with({ timeout: 10_000 }).health.checkReadiness({ signal });
    expect(await failureOf(aborted)).toBe(signal.reason);
  });
});

describe('no hook sees a secret', () => {
  const server = serverOn(sqlite);
  const everythingOf = (value: unknown) =>
    inspect(value, { depth: Infinity, showHidden: true, getters: true, maxStringLength: null });

  it('in the calls of a whole session', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-hooks-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'n4me.jpg'), fixture('baseline.jpg'));
    const { starts, ends, options } = recording();
    const tokenStore = openStore();
    const tally = new Tally({ baseUrl: server.current.url, tokenStore, retries: 0, ...options });
    const secrets: string[] = ['pa55word', 'n3wpass', 'd0cument', 's3arched', 'n4me', 'm1nekey'];
    const remember = () => {
      const { accessToken, refreshToken } = tokenStore.tokens!;
      secrets.push(accessToken, ...(refreshToken ? [refreshToken] : []));
    };
    const key = Buffer.alloc(32, 7);
    secrets.push(key.toString('base64url'));

    await tally.authenticate('ada', 'pa55word');
    remember();
    await tally.sum({ d0cument: 1 });
    await tally.sumDetails(rawJson('{"d0cument":1}'), { key, include: ['paths'] });
    await failureOf(tally.sum(rawJson('{"d0cument":1,}')));
    await failureOf(tally.login({ username: 'nobody', password: 'pa55word' }));

    const { username } = await register(server.current, { password: 'pa55word pa55word' });
    await tally.login({ username, password: 'pa55word pa55word' });
    remember();
    // The next call refreshes the session.
    tokenStore.tokens = { ...tokenStore.tokens!, expiresAt: Date.now() };
    await tally.accounts.getOwn();
    remember();
    await tally.products.list({ search: 's3arched' });
    await failureOf(tally.orders.place({ parts: [] }, { idempotencyKey: 'm1nekey' }));
    await failureOf(
      tally.accounts.changePassword({
        username,
        current_password: 'pa55word wrong',
        new_password: 'n3wpass n3wpass',
      } as never),
    );

    const { token } = await userWith(server.current, { tier: 'enterprise' });
    secrets.push(token);
    const { images } = new Tally({ baseUrl: server.current.url, token, retries: 0, ...options });
    const { id, link } = await images.upload(join(folder, 'n4me.jpg'), {
      expiring_time_seconds: 300,
    });
    const linkToken = link!.url.split('/').at(-1)!;
    secrets.push(linkToken, id);
    await images.download(id, 'original');
    await images.followLink(linkToken);
    await failureOf(images.followLink(`${linkToken}x`));
    await failureOf(images.get('s3arched'));
    const baseUrl = `http://localhost:${await freePort()}`;
    const lost = new Tally({ baseUrl, token, retries: 0, ...options });
    await failureOf(lost.images.followLink(linkToken));
    await failureOf(lost.products.list({ search: 's3arched' }));
    await tally.logout();

    expect(starts.length).toBeGreaterThan(18);
    expect(ends).toHaveLength(starts.length);
    const operations = starts.map(({ operation }) => operation);
    expect(operations).toContain('POST /accounts/refresh');
    expect(operations).toContain('GET /links/{token}');
    const told = everythingOf([starts, ends]);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('where the runtime quotes the address in its error', async () => {
    const { ends, options } = recording();
    const fetch: typeof globalThis.fetch = async (url) => {
      const cause = Object.assign(new Error(`no route to ${url}`), { path: String(url) });
      throw new TypeError(`error sending request for url (${url})`, { cause });
    };
    const tally = new Tally({ baseUrl: 'http://localhost', fetch, retries: 0, ...options });
    const failure = await failureOf(tally.images.followLink('l1nk'));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(everythingOf([ends, failure])).not.toContain('l1nk');
    expect((failure as Error).cause).toMatchObject({
      message: 'error sending request for url (http://localhost)',
      cause: { message: 'no route to http://localhost', path: 'http://localhost' },
    });
  });
});
