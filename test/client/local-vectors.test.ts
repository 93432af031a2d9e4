import { describe, expect, it } from 'vitest';
import { DocumentFault, type EngineLimits, sum } from '../../generated-client/src/local.ts';
import { documentOf, type SumVector, sumVectors } from '../helpers/sum-vectors.ts';
import { likeVector } from './local-outcome.ts';

const groups = Map.groupBy(sumVectors.cases, ({ group }) => group);

describe('sum of tally-client/local', () => {
  it.each([...groups])('holds for the published vectors: %s', async (_, vectors) => {
    for (const vector of vectors) {
      expect(await outcomeOf(vector), vector.name).toEqual(vector.answer ?? vector.error);
    }
  });
});

async function outcomeOf(vector: SumVector): Promise<unknown> {
  const { format, include, collapse, key, limits } = vector;
  const options = { format, include, collapse, key, limits: limits && limitsOf(limits) };
  try {
    return likeVector(await sum(documentOf(vector), options));
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    const { code, offset, line } = error;
    return { code, offset, ...(line !== undefined && { line }) };
  }
}

function limitsOf(limits: NonNullable<SumVector['limits']>): Partial<EngineLimits> {
  const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [camelCase(name), value]),
  );
}
