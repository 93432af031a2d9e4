import { describe, expect, it } from 'vitest';
import { ApiError, ConnectionError, Tally } from '../../generated-client/src/index.ts';
import { freePort } from '../helpers/free-port.ts';
import { answers, bodyOf, failureOf, faultServer, healthy } from './fault-server.ts';

const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '0' },
  body: JSON.stringify({ status, code, title: 'T', detail: 'D.' }),
});
const comeBack = (after: string, status = 503) => ({ status, headers: { 'retry-after': after } });

describe('a request that was not processed', () => {
  it.each([429, 503])('is sent again after a %i that says when', async (status) => {
    const { url, requests } = await faultServer(answers(comeBack('1', status), healthy));
    const start = performance.now();
    expect(await new Tally({ baseUrl: url }).health.checkReadiness()).toEqual({ status: 'ok' });
    expect(performance.now() - start).toBeGreaterThan(990);
    expect(requests()).toBe(2);
  });

  it('is sent again at the date that the server names', async () => {
    const { url, requests } = await faultServer(
      answers(comeBack(new Date(Date.now() + 1500).toUTCString()), healthy),
    );
    await new Tally({ baseUrl: url }).health.checkReadiness();
    expect(requests()).toBe(2);
  });

  it('is sent again whole', async () => {
    const bodies: string[] = [];
    const { url } = await faultServer(async (request, response) => {
      bodies.push(await bodyOf(request));
      response.writeHead(bodies.length < 3 ? 503 : 200, {
        'content-type': 'application/json',
        'retry-after': '0',
      });
      response.end('{"sha256":"x","code":"overloaded","detail":"Wait."}');
    });
    const tally = new Tally({ baseUrl: url });
    expect(await tally.sum(new Blob(['[1,2,3]']))).toBe('x');
    expect(bodies).toEqual(['[1,2,3]', '[1,2,3]', '[1,2,3]']);
  });

  it('is sent again once the server accepts connections', async () => {
    const port = await freePort();
    const call = new Tally({ baseUrl: `http://localhost:${port}`, retries: 6 }).sum([1]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { requests } = await faultServer(answers({ status: 200, body: '{"sha256":"x"}' }), port);
    expect(await call).toBe('x');
    expect(requests()).toBe(1);
  });

  it('is given up after the last retry', async () => {
    const { url, requests } = await faultServer(answers(comeBack('0')));
    const tally = new Tally({ baseUrl: url });
    expect(await failureOf(tally.health.checkReadiness())).toMatchObject({ status: 503 });
    expect(requests()).toBe(3);
    await failureOf(tally.with({ retries: 0 }).health.checkReadiness());
    expect(requests()).toBe(4);
  });

  it('is given up at once where the server names a late time', async () => {
    const { url, requests } = await faultServer(answers(comeBack('3600')));
    const error = await failureOf(new Tally({ baseUrl: url }).health.checkReadiness());
    expect(error).toMatchObject({ status: 503, retryAfter: 3600 });
    expect(requests()).toBe(1);
  });

  it('is given up when the caller aborts the wait', async () => {
    const { url, requests } = await faultServer(answers(comeBack('30')));
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 200);
    const tally = new Tally({ baseUrl: url }).with({ signal: controller.signal });
    expect(await failureOf(tally.health.checkReadiness())).toBe(reason);
    expect(requests()).toBe(1);
  });
});

it('tells of a refused connection', async () => {
  const tally = new Tally({ baseUrl: `http://localhost:${await freePort()}`, retries: 1 });
  expect(await failureOf(tally.sum([1]))).toMatchObject({
    name: 'ConnectionError',
    message: expect.stringMatching(/^http:\/\/localhost:\d+ refuses connections\.$/),
    cause: { cause: { code: 'ECONNREFUSED' } },
  });
});

describe('a request that may have been processed', () => {
  it.each([
    ['a 503 without a time', { status: 503 }],
    ['a 429 with a time that is none', { status: 429, headers: { 'retry-after': 'soon' } }],
    ['a 500 with a time', { status: 500, headers: { 'retry-after': '0' } }],
    ['a 502', { status: 502 }],
  ])('is not sent again after %s', async (_, answer) => {
    const { url, requests } = await faultServer(answers(answer));
    expect(await failureOf(new Tally({ baseUrl: url }).sum([1]))).toBeInstanceOf(ApiError);
    expect(requests()).toBe(1);
  });

  // Varnish, for one, says this also when the server got the request and its answer was lost.
  it('is not sent again after the 503 of a proxy, unless it changes nothing', async () => {
    const { url, requests } = await faultServer(answers(comeBack('0'), healthy));
    const tally = new Tally({ baseUrl: url, token: 'x' });
    // The server takes no key here.
    const change = tally.accounts.updateOwnAccount({ requestBody: {} as never });
    expect(await failureOf(change)).toMatchObject({ status: 503 });
    expect(requests()).toBe(1);
    const proxied = await faultServer(answers(comeBack('0'), healthy));
    await new Tally({ baseUrl: proxied.url }).health.checkLiveness();
    expect(proxied.requests()).toBe(2);
  });

  it.each([undefined, { 'idempotency-key': 'mine' }])(
    'is not sent again where its outcome is unknown, with the headers %j',
    async (headers) => {
      const { url, requests } = await faultServer(answers(problem(500, 'outcome_unknown')));
      const tally = new Tally({ baseUrl: url, token: 'x', headers });
      // The server takes no key here.
      const call = tally.accounts.updateOwnAccount({ requestBody: {} as never });
      expect(await failureOf(call)).toMatchObject({ code: 'outcome_unknown' });
      expect(requests()).toBe(1);
    },
  );

  it('is not sent again where the connection breaks off, also with a key that the server ignores', async () => {
    const { url, requests } = await faultServer((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    const tally = new Tally({ baseUrl: url, headers: { 'idempotency-key': 'mine' } });
    expect(await failureOf(tally.sum([1]))).toBeInstanceOf(ConnectionError);
    expect(requests()).toBe(1);
  });

  it('is not sent again where the connection breaks off', async () => {
    const { url, requests } = await faultServer((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    expect(await failureOf(new Tally({ baseUrl: url }).sum([1]))).toBeInstanceOf(ConnectionError);
    expect(requests()).toBe(1);
  });

  it('is not sent again where it is a stream, which is gone', async () => {
    const { url, requests } = await faultServer(answers(comeBack('0')));
    const stream = ReadableStream.from([Buffer.from('[1]')]) as ReadableStream<Uint8Array>;
    const error = await failureOf(new Tally({ baseUrl: url }).sum(stream));
    expect(error).toMatchObject({ status: 503, retryAfter: 0 });
    expect(requests()).toBe(1);
  });
});
