import { Type } from '@sinclair/typebox';
import type { Format } from './engine/format.ts';
import { MEDIA_TYPES } from './media-type.ts';

/**
 * The body in each format. The examples of JSON are such that a browser can carry them without rounding, and that
 * Swagger UI shows as they are (it would show a text without its quotes).
 */
const DOCUMENTS: Record<Format, object> = {
  json: Type.Any({
    description:
      'Any JSON value (RFC 8259). Numbers count wherever they stand; strings and keys do not.',
    'x-examples': {
      numbers: { summary: 'Numbers that add up to 10', value: [1, 2, 3, 4] },
      members: { summary: 'The same sum from other numbers', value: { a: 6, b: 4 } },
      fractions: { summary: 'Exactly 0.3', value: [0.1, 0.2] },
      order: {
        summary: 'Numbers at any depth',
        value: {
          order: 'A-17',
          lines: [
            { price: 19.99, quantity: 2 },
            { price: 5, quantity: 1 },
          ],
          paid: true,
        },
      },
    },
  }),
  lines: Type.String({
    description: 'JSON Lines: a JSON value on each line.',
    'x-examples': {
      invoices: {
        summary: 'Two invoices, a line each',
        value: '{"invoice":"A-17","total":44.98}\n{"invoice":"A-18","total":5.02}\n',
      },
    },
  }),
  sequence: Type.String({
    description: 'A JSON text sequence (RFC 7464): a record separator, 0x1E, before each value.',
    'x-examples': {
      measurements: {
        summary: 'Two measurements',
        value: '\x1e{"sensor":"t1","value":21.5}\n\x1e{"sensor":"t2","value":-1.5}\n',
      },
    },
  }),
};

export const BODY = {
  content: Object.fromEntries(
    Object.entries(MEDIA_TYPES).map(([mediaType, format]) => [
      mediaType,
      { schema: DOCUMENTS[format] },
    ]),
  ),
};

export const DigestSchema = Type.Object(
  {
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Lower-case hexadecimal SHA-256 of the canonical text of the sum.',
    }),
  },
  { $id: 'Digest', description: 'The control total of a document.' },
);
