import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type SumDetailsOptions, Tally } from '../../generated-client/src/index.ts';
import { DocumentFault, type LocalSource, sum } from '../../generated-client/src/local.ts';
import { createRandom, pick, type Random } from '../features/sum/engine/random.ts';
import { pieced } from '../features/sum/engine/random-documents.ts';
import { randomFile } from '../features/sum/engine/random-files.ts';
import { root } from '../helpers/process.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { documentOf, sumVectors } from '../helpers/sum-vectors.ts';

let server: TestServer;
let tally: Tally;
beforeAll(async () => {
  server = await startServer();
  tally = new Tally({ baseUrl: server.url });
  await tally.authenticate('ada', 'secret');
});
afterAll(() => server.close());

type Options = Pick<SumDetailsOptions, 'include' | 'collapse' | 'key' | 'format'>;

/** Expects the same answer, to the order of its members, or the same refusal. Returns true if it was refused. */
async function expectSame(bytes: Uint8Array, source: LocalSource, options: Options) {
  const [remote, local] = await Promise.all([
    tally.sumDetails(bytes, options).then(JSON.stringify, refusalOf),
    sum(source, options).then(JSON.stringify, faultOf),
  ]);
  expect(local).toEqual(remote);
  return typeof local !== 'string';
}

function refusalOf(error: unknown) {
  if (!(error instanceof ApiError)) throw error;
  return { code: error.code, detail: comparable(error.detail) };
}

function faultOf(error: unknown) {
  if (!(error instanceof DocumentFault)) throw error;
  const { code, message } = error;
  return { code, detail: comparable(`At ${message}.`) };
}

/** Leaves out what only a server can advise. */
function comparable(detail: string): string {
  return detail.replace(/ JSON Lines need .*$/, '');
}

describe('a local sum is that of a server', () => {
  it('for the published vectors', async () => {
    const vectors = sumVectors.cases.filter(({ limits }) => !limits);
    expect(vectors.length).toBeGreaterThan(130);
    for (const vector of vectors) {
      const { format, include, collapse, key } = vector;
      const bytes = documentOf(vector);
      await expectSame(bytes, bytes, { format, include, collapse, key });
    }
  });

  it('for data sets that people publish', async () => {
    const folder = join(root, 'node_modules/vega-datasets/data');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      await expectSame(bytes, bytes, { include: ['sum', 'count', 'paths'] });
    }
  }, 60_000);

  it('for random files, whole and damaged, with any options', async () => {
    const outcomes = { whole: 0, refused: 0 };
    for (let seed = 1; seed <= 1500; seed++) {
      const random = createRandom(seed);
      const file = randomFile(random);
      const source = randomSource(random, file.bytes);
      const isRefused = await expectSame(file.bytes, source, randomOptions(random, file));
      outcomes[isRefused ? 'refused' : 'whole']++;
    }
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(300);
  }, 60_000);
});

function randomOptions(
  random: Random,
  { format, collapse }: Pick<Options, 'format'> & { collapse: string[] },
): Options {
  const include = (['sum', 'count', 'paths'] as const).filter(() => random(2));
  // An address has room for a hundred short paths, and none for half of a surrogate pair.
  const short = collapse.filter((path) => path.length < 50 && path.isWellFormed()).slice(0, 100);
  const hasPaths = include.includes('paths');
  const key = Uint8Array.from({ length: 16 + random(49) }, () => random(256));
  return { format, include, ...(hasPaths && { collapse: short }), ...(random(2) && { key }) };
}

/** Returns the bytes in one of the shapes that a program may have them in. */
function randomSource(random: Random, bytes: Buffer): LocalSource {
  const text = bytes.toString();
  const pieces = () => pieced(random, bytes);
  const sources = [
    () => bytes,
    // Damaged bytes may be no text.
    () => (Buffer.from(text).equals(bytes) ? text : bytes),
    () => new Blob(pieces()),
    () => pieces(),
    () => ReadableStream.from(pieces()),
  ];
  return pick(random, sources)();
}
