import { createHmac, hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../src/features/sum/streams/node-engine.ts';
import { guestToken, serverForTest } from '../../helpers/server.ts';
import { documentOf, type SumVector, sumVectors } from '../../helpers/sum-vectors.ts';
import { limits, totalled } from './engine/fuzzing.ts';
import {
  type Fault,
  type Format,
  type ReferenceOptions,
  type ReferenceTotal,
  referenceTotal,
} from './engine/reference.ts';

const groups = Map.groupBy(sumVectors.cases, ({ group }) => group);

describe('the published vectors', () => {
  it('cover every rule and every code', () => {
    expect(sumVectors.cases.length).toBeGreaterThan(150);
    expect([...groups.keys()].length).toBeGreaterThanOrEqual(10);
    const codes = new Set(sumVectors.cases.map(({ error }) => error?.code));
    expect(codes).toEqual(
      new Set([undefined, 'malformed_json', 'too_deep', 'number_out_of_range', 'too_many_paths']),
    );
    const names = sumVectors.cases.map(({ group, name }) => `${group}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have the default limits', () => {
    expect(limitsOf(sumVectors)).toEqual(limits);
  });

  it.each([...groups])('hold for the reference: %s', (_, vectors) => {
    for (const vector of vectors) {
      expect(vector.answer ?? vector.error, vector.name).toEqual(reference(vector));
    }
  });
});

describe('the engine', () => {
  it.each([...groups])(
    'agrees with the published vectors, whole and byte by byte: %s',
    (_, vectors) => {
      for (const vector of vectors) {
        const engine = createNodeEngine({ ...DEFAULT_LIMITS, ...limitsOf(vector) });
        const document = documentOf(vector);
        const bytes = Array.from(document, (byte) => Buffer.of(byte));
        for (const chunks of [[document], bytes]) {
          const outcome = totalled(engine, chunks, optionsOf(vector));
          expect(answerTo(outcome, vector), vector.name).toEqual(vector.answer ?? vector.error);
        }
      }
    },
  );
});

const MEDIA_TYPES = {
  json: 'application/json',
  lines: 'application/x-ndjson',
  sequence: 'application/json-seq',
};

describe('the server', () => {
  // No server has so little room for paths.
  const served = sumVectors.cases.filter(({ limits }) => limits?.max_path_bytes === undefined);
  const byLimits = Map.groupBy(served, ({ limits = {} }) => JSON.stringify(limits));

  it.each([...byLimits])(
    'agrees with the published vectors with the limits %s',
    async (_, vectors) => {
      const limits = Object.entries(vectors[0]!.limits ?? {});
      const variables = limits.map(([name, value]) => [`SUM_${name.toUpperCase()}`, String(value)]);
      const server = await serverForTest(Object.fromEntries(variables));
      const token = await guestToken(server);
      for (const vector of vectors) {
        const { format = 'json', include = [], collapse = [], key, name, error } = vector;
        const query = new URLSearchParams();
        for (const path of collapse) query.append('collapse', path);
        if (include.length > 0) query.set('include', include.join(','));
        const response = await fetch(`${server.url}/sum?${query}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': MEDIA_TYPES[format],
            ...(key !== undefined && { 'sum-key': key }),
          },
          body: new Uint8Array(documentOf(vector)),
        });
        const answer = (await response.json()) as Problem & { paths?: { path: string }[] };
        if (!error) expect(withSpelledPaths(answer), name).toEqual(vector.answer);
        else {
          expect(answer.code, name).toBe(error.code);
          expect(answer.detail, name).toMatch(new RegExp(`^At ${placeOf(error, format)}: `));
        }
      }
    },
  );
});

interface Problem {
  code: string;
  detail: string;
}

function placeOf({ line, offset }: Fault, format: Format): string {
  const byte = `byte ${offset}`;
  if (line === undefined) return byte;
  return `${format === 'lines' ? 'line' : 'record'} ${line}, ${byte}`;
}

function withSpelledPaths(answer: { paths?: { path: string }[] }) {
  const paths = answer.paths?.map(({ path, ...total }) => ({ ...spelled(path), ...total }));
  return { ...answer, ...(paths && { paths }) };
}

function limitsOf({ limits: changed }: Pick<SumVector, 'limits'>) {
  const all = { ...sumVectors.limits, ...changed };
  return {
    maxDepth: all.max_depth,
    maxDigits: all.max_digits,
    maxExponent: all.max_exponent,
    maxPaths: all.max_paths,
    maxPathBytes: all.max_path_bytes,
  };
}

function optionsOf({ format, include = [], collapse = [] }: SumVector): ReferenceOptions {
  const paths = include.includes('paths') && { paths: { collapse } };
  return { format: format ?? 'json', ...paths };
}

function reference(vector: SumVector): unknown {
  const outcome = referenceTotal(documentOf(vector), limitsOf(vector), optionsOf(vector));
  return answerTo(outcome, vector);
}

function answerTo(outcome: ReferenceTotal | Fault, { key }: SumVector): unknown {
  return 'code' in outcome ? outcome : answerOf(outcome, key);
}

/** Returns the answer that has everything in it. */
function answerOf({ sum, count, paths }: ReferenceTotal, key: string | undefined) {
  const totals = paths?.map(({ path, ...total }) => ({
    ...spelled(path),
    ...total,
    ...digest(total.sum, key),
  }));
  return { ...digest(sum, key), sum, count, ...(totals && { paths: totals }) };
}

/** Returns a path as the vectors have it: as text, or with half of a surrogate pair as base64 of WTF-8. */
function spelled(path: string) {
  if (path.isWellFormed()) return { path };
  const bytes = Array.from(path, (character) => {
    const code = character.codePointAt(0)!;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    const half = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
    return Buffer.from(isHalf ? half : Buffer.from(character));
  });
  return { path_base64: Buffer.concat(bytes).toString('base64') };
}

function digest(text: string, key: string | undefined) {
  if (key === undefined) return { sha256: hash('sha256', text) };
  const hmac = createHmac('sha256', Buffer.from(key, 'base64url'));
  return { hmac_sha256: hmac.update(text).digest('hex') };
}
