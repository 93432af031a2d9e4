import { createHmac, hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../src/features/sum/streams/node-engine.ts';
import { documentOf, type SumVector, spelled, sumVectors } from '../../helpers/sum-vectors.ts';
import { limits, totalled } from './engine/fuzzing.ts';
import {
  type Fault,
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

function digest(text: string, key: string | undefined) {
  if (key === undefined) return { sha256: hash('sha256', text) };
  const hmac = createHmac('sha256', Buffer.from(key, 'base64url'));
  return { hmac_sha256: hmac.update(text).digest('hex') };
}
