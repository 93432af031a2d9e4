import { describe, expect, it } from 'vitest';
import { DocumentFault, type EngineLimits, sum } from '../../generated-client/src/local.ts';
import { documentOf, type SumVector, sumVectors } from '../helpers/sum-vectors.ts';

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
    const { paths, ...answer } = await sum(documentOf(vector), options);
    return paths ? { ...answer, paths: paths.map(spelled) } : answer;
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

/** Returns an entry as the vectors have it: a path with half of a surrogate pair as base64 of WTF-8. */
function spelled({ path, ...entry }: { path: string }) {
  if (path.isWellFormed()) return { path, ...entry };
  const bytes = [...path].map((character) => {
    const code = character.codePointAt(0)!;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    return isHalf
      ? Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)])
      : Buffer.from(character);
  });
  return { path_base64: Buffer.concat(bytes).toString('base64'), ...entry };
}
