import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  ApiError,
  type AttemptEnd,
  ConnectionError,
  Tally,
} from '../../generated-client/src/index.ts';
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
    const change = tally.accounts.updateOwn({});
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
      const call = tally.accounts.updateOwn({});
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

/** Makes a listener that cuts the connection after this many requests have arrived whole, and then answers. */
function cuts(times: number, then: RequestListener): RequestListener {
  let left = times;
  return (request, response) => {
    if (left-- <= 0) return then(request, response);
    request.resume().on('end', () => request.socket.destroy());
  };
}

it.each([502, 503, 504])(
  'a request with an Idempotency-Key is sent again, with the same key, after the %i of a proxy',
  async (status) => {
    const keys: unknown[] = [];
    const placed = answers({ status }, { status: 201, body: '{"id":"o"}' });
    const { url } = await faultServer((request, response) => {
      keys.push(request.headers['idempotency-key']);
      placed(request, response);
    });
    const tally = new Tally({ baseUrl: url, token: 'x' });
    await tally.orders.place({ parts: [{ product: 'p', quantity_in_order: 1 }] });
    expect(keys).toEqual([expect.stringMatching(/^[\da-f]{32}$/), keys[0]]);
  },
);

describe('a request that changes nothing', () => {
  it('is sent again where the connection breaks off', async () => {
    const { url, requests } = await faultServer(cuts(2, answers(healthy)));
    expect(await new Tally({ baseUrl: url }).health.checkReadiness()).toEqual({ status: 'ok' });
    expect(requests()).toBe(3);
  });

  it('is sent again where its answer is cut short', async () => {
    let isFirst = true;
    const whole = answers(healthy);
    const { url } = await faultServer((request, response) => {
      if (!isFirst) return whole(request, response);
      isFirst = false;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"status":', () => response.destroy());
    });
    expect(await new Tally({ baseUrl: url }).health.checkReadiness()).toEqual({ status: 'ok' });
  });

  it.each([
    ['a 502 of a proxy', { status: 502, headers: { 'content-type': 'text/html' } }],
    ['a 503 without a time', { status: 503 }],
    ['a 504', { status: 504 }],
    ['a 504 with a time', comeBack('0', 504)],
    ['an unknown outcome', problem(500, 'outcome_unknown')],
  ])('is sent again after %s', async (_, answer) => {
    const { url, requests } = await faultServer(answers(answer, healthy));
    expect(await new Tally({ baseUrl: url }).health.checkReadiness()).toEqual({ status: 'ok' });
    expect(requests()).toBe(2);
  });

  it.each([
    ['a 500', { status: 500 }, 1],
    ['a 502 with a late time', comeBack('3600', 502), 1],
    ['a 502 that stays', { status: 502 }, 3],
  ])('is given up after %s', async (_, answer, expected) => {
    const { url, requests } = await faultServer(answers(answer));
    const failure = await failureOf(new Tally({ baseUrl: url }).health.checkReadiness());
    expect(failure).toMatchObject({ status: answer.status });
    expect(requests()).toBe(expected);
  });

  it('is given up where the connection breaks off each time', async () => {
    const { url, requests } = await faultServer(cuts(Infinity, answers(healthy)));
    const failure = await failureOf(new Tally({ baseUrl: url }).health.checkReadiness());
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(requests()).toBe(3);
  });
});

describe('a deletion', () => {
  const gone = answers(problem(404, 'product_not_found'));
  const connect = ({ url }: { url: string }) => new Tally({ baseUrl: url, token: 'x' });

  it('is sent again, and succeeds where an attempt without an answer has done it', async () => {
    const server = await faultServer(cuts(1, gone));
    const { data, response } = await connect(server).products.delete('p').withResponse();
    expect([data, response.status]).toEqual([undefined, 404]);
    expect(server.requests()).toBe(2);
    const proxied = await faultServer(answers({ status: 502 }, problem(404, 'image_not_found')));
    await connect(proxied).images.delete('i');
    expect(proxied.requests()).toBe(2);
  });

  it.each([
    ['there was no attempt before', gone, 1],
    [
      'the attempt before was refused',
      answers(problem(503, 'overloaded'), problem(404, 'product_not_found')),
      2,
    ],
    ['no Tally answers', cuts(1, answers({ status: 404 })), 2],
    ['the server has no such operation', cuts(1, answers(problem(404, 'not_found'))), 2],
  ])('of nothing fails where %s', async (_, listener, expected) => {
    const server = await faultServer(listener);
    const failure = await failureOf(connect(server).products.delete('p'));
    expect(failure).toMatchObject({ status: 404 });
    expect(server.requests()).toBe(expected);
  });

  // Another tier may have got the name, and the account's own sign-in ends with it.
  it.each<[string, (tally: Tally) => Promise<unknown>]>([
    ['by name', (tally) => tally.tiers.delete('gold')],
    ['of the own account', (tally) => tally.accounts.deleteOwn({ password: 'p' })],
  ])('%s is not sent again', async (_, remove) => {
    const server = await faultServer(cuts(1, gone));
    expect(await failureOf(remove(connect(server)))).toBeInstanceOf(ConnectionError);
    expect(server.requests()).toBe(1);
  });
});

it('waits longer before each attempt, and never twice the same time', async () => {
  const { url } = await faultServer(answers({ status: 502 }));
  const delays: (number | undefined)[] = [];
  const onResponse = ({ retryDelay }: AttemptEnd) => void delays.push(retryDelay);
  const tally = new Tally({ baseUrl: url, retries: 3, onResponse });
  await failureOf(tally.health.checkReadiness());
  const [first, second, third, last] = delays;
  expect(first).toBeGreaterThanOrEqual(100);
  expect(first).toBeLessThan(200);
  expect(second).toBeGreaterThanOrEqual(200);
  expect(second).toBeLessThan(400);
  expect(third).toBeGreaterThanOrEqual(400);
  expect(last).toBeUndefined();
  expect(first! * 2).not.toBe(second);
});
