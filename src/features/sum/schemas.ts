import { Type } from '@sinclair/typebox';

/**
 * Any JSON value. The examples are such that a browser can carry them without rounding, and that
 * Swagger UI shows as they are (it would show a text without its quotes).
 */
export const DocumentSchema = Type.Any({
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
});

export const DigestSchema = Type.Object(
  {
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Lower-case hexadecimal SHA-256 of the canonical text of the sum.',
    }),
  },
  { $id: 'Digest', description: 'The control total of a document.' },
);
