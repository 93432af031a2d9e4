import { deepStrictEqual, strictEqual } from 'node:assert';
import { createHash, createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { rawJson } from '../../../generated-client/dist/index.js';
import { expectProblem } from './steps.ts';
import type { World } from './world.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Documents as JSON text, and their sums. */
const SUMS: [string, string][] = [
  ['[1,2,3,4]', '10'],
  ['{"a":6,"b":4}', '10'],
  ['[0.1,0.2]', '0.3'],
  ['[1e400,-1e400,9007199254740993]', '9007199254740993'],
  ['[true,{"9":null},"7",-0]', '0'],
  ['{"a":1,"a":2,"nested":[[[-0.5]]]}', '2.5'],
];

const PIECE = '12.5,"1",{"k":[1e3]},';
const PIECES_PER_CHUNK = 3000;
const CHUNKS = 512;

/** Returns a document of 32 MB, whose sum is 1012.5 for each piece, as a stream that is made while it is sent. */
function largeDocument(): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode(PIECE.repeat(PIECES_PER_CHUNK));
  let left = CHUNKS;
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
    pull(controller) {
      if (left-- > 0) return controller.enqueue(chunk);
      controller.enqueue(new TextEncoder().encode('0]'));
      controller.close();
    },
  });
}

export async function testSum({ run, summer }: World): Promise<void> {
  await run.step('sums documents exactly', async () => {
    for (const [document, sum] of SUMS)
      strictEqual(await summer.sum(rawJson(document)), sha256(sum), document);
    strictEqual(await summer.sum({ lines: [{ price: 19.99 }, { price: 5n }] }), sha256('24.99'));
  });
  await run.step('sums a stream of 32 MB', async () => {
    const total = String(1012.5 * PIECES_PER_CHUNK * CHUNKS);
    strictEqual(await summer.sum(largeDocument()), sha256(total));
  });
  await run.step('sums a compressed document', async () => {
    const zipped = gzipSync(JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i)));
    const headers = { 'content-encoding': 'gzip' };
    strictEqual(await summer.sum(zipped, { headers }), sha256('49995000'));
  });
  await run.step('tells the sum, the count and the paths of JSON Lines', async () => {
    const document = rawJson('{"id":"A-1","price":19.99}\n{"id":"A-2","price":5}\n');
    const include = ['sum', 'count', 'paths'] as const;
    const whole = { sha256: sha256('24.99'), sum: '24.99', count: 2 };
    deepStrictEqual(await summer.sumDetails(document, { include, format: 'lines' }), {
      ...whole,
      paths: [{ path: '$[*].price', ...whole }],
    });
  });
  await run.step('keys a digest', async () => {
    const key = new Uint8Array(32).fill(7);
    deepStrictEqual(await summer.sumDetails([1, 2], { key }), {
      hmac_sha256: createHmac('sha256', key).update('3').digest('hex'),
    });
  });
  await run.step('refuses what is not JSON', async () => {
    const { message } = await expectProblem(summer.sum(rawJson('[1,}')), 400, 'malformed_json');
    strictEqual(/byte 3/.test(message), true, message);
  });
}
