import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { documentOf, type SumVector, sumVectors } from '../helpers/sum-vectors.ts';
import { snippetsOf } from './snippets.ts';
import { hasTool } from './tools.ts';

/** Prints the digest of each document, or an error's name. */
const HARNESS = `
import base64, sys

def outcome(document):
    try: return {"sha256": digest(document)}
    except Exception as error: return {"error": type(error).__name__}

documents = map(base64.b64decode, json.load(sys.stdin))
json.dump([outcome(document) for document in documents], sys.stdout)
`;

/** Errors that mean a refusal, and no fault of the function. */
const REFUSALS = ['ValueError', 'JSONDecodeError', 'UnicodeDecodeError'];

function digests(documents: Buffer[]): { sha256?: string; error?: string }[] {
  const code = snippetsOf('docs/reference/sum.md').find(
    ({ language }) => language === 'python',
  )!.code;
  const input = JSON.stringify(documents.map((document) => document.toString('base64')));
  const { stdout, stderr } = spawnSync('python3', ['-c', code + HARNESS], { input });
  if (stderr.length > 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
}

/** The function knows one format, and neither paths nor keys nor other limits. */
function isPlain({ format, limits, key }: SumVector): boolean {
  return format === undefined && limits === undefined && key === undefined;
}

describe.runIf(hasTool('python3'))(
  'the Python function of the specification (needs python3)',
  () => {
    it('agrees with every vector for plain documents', () => {
      const vectors = sumVectors.cases.filter(isPlain);
      expect(vectors.length).toBeGreaterThan(90);
      for (const [i, { sha256, error }] of digests(vectors.map(documentOf)).entries()) {
        const { name, answer } = vectors[i]!;
        if (answer)
          expect({ sha256 }, name).toEqual({ sha256: (answer as { sha256: string }).sha256 });
        else expect(REFUSALS, name).toContain(error);
      }
    });

    it('rounds nothing between the largest and the smallest numbers', () => {
      const nines = '9'.repeat(10_000);
      // 10^20000 - 10^10000 + 10^10000 - (10^-10000 - 10^-19999) - 10^-19999
      const document = `[${nines}e10000,1e10000,-0.${nines.slice(1)}e-10000,-0.${'0'.repeat(9998)}1e-10000]`;
      const sum = `${'9'.repeat(20_000)}.${'9'.repeat(10_000)}`;
      expect(digests([Buffer.from(document)])).toEqual([{ sha256: hash('sha256', sum) }]);
    });

    it('refuses a number past the limits, and documents that are nested too deeply for it', () => {
      const documents = ['1'.repeat(10_001), `0.${'0'.repeat(10_000)}`, '['.repeat(100_000)];
      for (const { sha256 } of digests(documents.map((text) => Buffer.from(text)))) {
        expect(sha256).toBeUndefined();
      }
    });
  },
);
