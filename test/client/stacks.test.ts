import { basename } from 'node:path';
import { expect, it } from 'vitest';
import {
  ApiError,
  ConnectionError,
  Tally,
  TimeoutError,
} from '../../generated-client/src/index.ts';
import { traceTo } from '../../generated-client/src/trace.ts';
import { freePort } from '../helpers/free-port.ts';
import { answers, failureOf, faultServer } from './fault-server.ts';

const THIS_FILE = basename(import.meta.filename);

/** Returns the frames of an error whose stack must begin with it. */
function framesOf(error: unknown): string[] {
  const { stack = '' } = error as Error;
  expect(stack.startsWith(`${error}\n`)).toBe(true);
  return stack.slice(String(error).length + 1).split('\n');
}

const calls: [string, (tally: Tally) => Promise<unknown>][] = [
  ['sum', (tally) => tally.sum([1])],
  ['sumDetails', (tally) => tally.sumDetails([1])],
  ['authenticate', (tally) => tally.authenticate('ada', 'secret')],
  ['login', (tally) => tally.login({ username: 'ada', password: 'secret' })],
  ['get', (tally) => tally.products.get('p')],
  ['withResponse', (tally) => tally.products.get('p').withResponse()],
  ['list', (tally) => tally.products.list()],
  ['place', (tally) => tally.orders.place({ parts: [] })],
  ['upload', (tally) => tally.images.upload(new Uint8Array(1))],
  ['stream', (tally) => tally.images.stream('i', '200px')],
];

it.each(calls)('the stack of an error of %s leads to the call', async (_, call) => {
  const refusal = { code: 'overloaded', detail: 'Not now: $&.' };
  const { url } = await faultServer(answers({ status: 500, body: JSON.stringify(refusal) }));
  const failure = await failureOf(call(new Tally({ baseUrl: url, token: 'x' })));
  expect(failure).toBeInstanceOf(ApiError);
  expect(framesOf(failure).join()).toContain(THIS_FILE);
});

it('the stack of an error of a later page leads to the loop', async () => {
  const page = { next: '?page=2', after: 'c', previous: null, count: 2, results: [{ id: 'p' }] };
  const { url } = await faultServer(
    answers({ status: 200, body: JSON.stringify(page) }, { status: 500 }),
  );
  async function readAll() {
    for await (const { id } of new Tally({ baseUrl: url }).products.list()) expect(id).toBe('p');
  }
  const failure = await failureOf(readAll());
  expect(failure).toBeInstanceOf(ApiError);
  expect(framesOf(failure).join()).toContain(THIS_FILE);
});

it.each(calls)('so does that of a ConnectionError: %s', async (_, call) => {
  const baseUrl = `http://localhost:${await freePort()}`;
  const failure = await failureOf(call(new Tally({ baseUrl, token: 'x', retries: 0 })));
  expect(failure).toBeInstanceOf(ConnectionError);
  expect(framesOf(failure).join()).toContain(THIS_FILE);
});

it('so does that of a TimeoutError', async () => {
  const { url } = await faultServer(() => undefined);
  const failure = await failureOf(new Tally({ baseUrl: url, timeout: 100 }).health.checkLiveness());
  expect(failure).toBeInstanceOf(TimeoutError);
  expect(framesOf(failure).join()).toContain(THIS_FILE);
});

it('the reason of a signal keeps its stack', async () => {
  const { url } = await faultServer(() => undefined);
  const reason = new ConnectionError('enough');
  const { stack } = reason;
  const failure = await failureOf(
    new Tally({ baseUrl: url }).sum([1], { signal: AbortSignal.abort(reason) }),
  );
  expect(failure).toBe(reason);
  expect((failure as Error).stack).toBe(stack);
});

it.each([
  [
    'V8',
    'Error\n    at call (app.js:1:2)\n    at app.js:3:4',
    'ConnectionError: No.\n    at call (app.js:1:2)\n    at app.js:3:4',
  ],
  [
    'Firefox',
    'call@http://app/app.js:1:2\n@http://app/app.js:3:4\n',
    'call@http://app/app.js:1:2\n@http://app/app.js:3:4\n',
  ],
  [
    'Safari',
    'Error@http://app/app.js:1:2\nmodule code@http://app/app.js:3:4',
    'Error@http://app/app.js:1:2\nmodule code@http://app/app.js:3:4',
  ],
])('a stack has the shape of those of %s', (_, stack, expected) => {
  const call = Object.assign(new Error(), { stack });
  expect(traceTo(new ConnectionError('No.'), call)).toMatchObject({ stack: expected });
});

it('a runtime without stacks gets none', () => {
  const error = new ConnectionError('No.');
  const { stack } = error;
  expect(traceTo(error, Object.assign(new Error(), { stack: undefined }))).toMatchObject({ stack });
});
