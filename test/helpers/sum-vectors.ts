import { readFileSync } from 'node:fs';

type Digest = { sha256: string } | { hmac_sha256: string };

/** One case of docs/sum-vectors.json; docs/sum.md describes the members. */
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

const file = new URL('../../docs/sum-vectors.json', import.meta.url);
export const sumVectors: { limits: VectorLimits; cases: SumVector[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);

/** Returns the bytes of a case's document. */
export function documentOf({ document, document_base64 = '' }: SumVector): Buffer {
  return document === undefined ? Buffer.from(document_base64, 'base64') : Buffer.from(document);
}
