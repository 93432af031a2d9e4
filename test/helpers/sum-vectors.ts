import { readFileSync } from 'node:fs';

type Digest = { sha256: string } | { hmac_sha256: string };

/** One case of docs/reference/sum-vectors.json; docs/reference/sum.md describes the members. */
export interface SumVector {
  group: string;
  name: string;
  document?: string;
  document_base64?: string;
  format?: 'lines' | 'sequence';
  collapse?: string[];
  key?: string;
  include?: ('sum' | 'count' | 'paths')[];
  limits?: Partial<VectorLimits>;
  answer?: Digest & {
    sum: string;
    count: number;
    paths?: (Digest & { path?: string; path_base64?: string; count: number; sum: string })[];
  };
  error?: { code: string; offset: number; line?: number };
}

interface VectorLimits {
  max_depth: number;
  max_digits: number;
  max_exponent: number;
  max_paths: number;
  max_path_bytes: number;
}

const file = new URL('../../docs/reference/sum-vectors.json', import.meta.url);
export const sumVectors: { limits: VectorLimits; cases: SumVector[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);

/** Returns the bytes of a case's document. */
export function documentOf({ document, document_base64 = '' }: SumVector): Buffer {
  return document === undefined ? Buffer.from(document_base64, 'base64') : Buffer.from(document);
}

/** Returns the path of a total as the vectors have it: one with half of a surrogate pair as base64 of WTF-8. */
export function spelled(path: string): { path: string } | { path_base64: string } {
  if (path.isWellFormed()) return { path };
  const bytes = Array.from(path, (character) => {
    const code = character.codePointAt(0)!;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    const half = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
    return Buffer.from(isHalf ? half : Buffer.from(character));
  });
  return { path_base64: Buffer.concat(bytes).toString('base64') };
}
