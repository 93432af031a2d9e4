import { describe, expect, it } from 'vitest';
import { Tally, TimeoutError } from '../../generated-client/src/index.ts';
import { answers, failureOf, faultServer } from './fault-server.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const silent = () => faultServer((request) => void request.resume());

describe('a time-out', () => {
  it('ends a call that gets no answer', async () => {
    const { url, requests } = await silent();
    const start = performance.now();
    const error = await failureOf(new Tally({ baseUrl: url, timeout: 200 }).sum([1]));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(requests()).toBe(1);
  });

  it('ends a call whose answer stops in the middle', async () => {
    const { url } = await faultServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
    });
    const tally = new Tally({ baseUrl: url }).with({ timeout: 200 });
    expect(await failureOf(tally.health.checkLiveness())).toBeInstanceOf(TimeoutError);
  });

  it('spares a stream that moves, however long it takes', async () => {
    const { url } = await faultServer(answers({ status: 200, body: '{"sha256":"x"}' }));
    let left = 6;
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await sleep(150);
        if (left-- > 0) controller.enqueue(Buffer.from(' '));
        else controller.close();
      },
    });
    expect(await new Tally({ baseUrl: url, timeout: 500 }).sum(slow)).toBe('x');
  });

  it('ends a stream that stands still, and lets go of it', async () => {
    const { url } = await silent();
    let cancelled = false;
    const stuck = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(' ')),
      cancel: () => {
        cancelled = true;
      },
    });
    const call = new Tally({ baseUrl: url }).sum(stuck, { timeout: 200 });
    expect(await failureOf(call)).toBeInstanceOf(TimeoutError);
    await expect.poll(() => cancelled).toBe(true);
  });

  it('grants a large body the time to be sent', async () => {
    const { url } = await faultServer((request, response) => {
      request.resume().on('end', async () => {
        await sleep(400);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"sha256":"x"}');
      });
    });
    const tally = new Tally({ baseUrl: url, timeout: 100 });
    expect(await tally.sum(new Uint8Array(128_000))).toBe('x');
    expect(await failureOf(tally.sum([1]))).toBeInstanceOf(TimeoutError);
  });

  it.each([0, -1, Number.NaN, '5'])('cannot be %j', (timeout) => {
    const options = { baseUrl: 'http://localhost', timeout: timeout as number };
    expect(() => new Tally(options)).toThrow(RangeError);
  });

  it('may be Infinity', async () => {
    const { url } = await faultServer(answers({ status: 200, body: '{"sha256":"x"}' }));
    expect(await new Tally({ baseUrl: url, timeout: Infinity }).sum(1)).toBe('x');
  });
});

describe('a signal', () => {
  it('ends a call with its reason', async () => {
    const { url } = await silent();
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), 100);
    const call = new Tally({ baseUrl: url }).sum([1], { signal: controller.signal });
    expect(await failureOf(call)).toBe('enough');
  });

  it('that is aborted already sends nothing', async () => {
    const { url, requests } = await silent();
    const signal = AbortSignal.abort();
    expect(await failureOf(new Tally({ baseUrl: url }).sum([1], { signal }))).toBe(signal.reason);
    expect(requests()).toBe(0);
  });

  it('can be a deadline', async () => {
    const { url } = await silent();
    const tally = new Tally({ baseUrl: url, signal: AbortSignal.timeout(100) });
    expect(await failureOf(tally.health.checkLiveness())).toMatchObject({ name: 'TimeoutError' });
  });

  it('keeps nothing of the calls that are over', async () => {
    const { url } = await faultServer(answers({ status: 200, body: '{"sha256":"x"}' }));
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    const tally = new Tally({ baseUrl: url, signal });
    await tally.sum([1]);
    await tally.sum([2]);
    expect(listeners).toBe(0);
  });
});

it('ends a call of a generated service with the reason of its signal', async () => {
  const { url } = await silent();
  const controller = new AbortController();
  const call = new Tally({ baseUrl: url, signal: controller.signal }).health.checkLiveness();
  setTimeout(() => controller.abort(new Error('enough')), 100);
  expect(await failureOf(call)).toMatchObject({ message: 'enough' });
});
