import { Type } from '@sinclair/typebox';
import { oneOf, ref } from '../../http/fields.ts';
import { DETAILS } from './answer.ts';
import type { Format } from './engine/format.ts';
import { MEDIA_TYPES } from './media-type.ts';
import { MAX_COLLAPSED, MAX_COLLAPSED_LENGTH } from './parameters.ts';

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
      prices: {
        summary: 'An object that is used as a map',
        value: { prices: { apple: 0.8, pear: 1.2 } },
      },
    },
  }),
  lines: Type.String({
    description: 'JSON Lines: a JSON value on each line.',
    examples: ['{"invoice":"A-17","total":44.98}\n{"invoice":"A-18","total":5.02}\n'],
  }),
  sequence: Type.String({
    description: 'A JSON text sequence (RFC 7464): a record separator, 0x1E, before each value.',
    examples: ['\x1e{"sensor":"t1","value":21.5}\n\x1e{"sensor":"t2","value":-1.5}\n'],
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

/** Documents the parameters; `parameters.ts` reads them. */
export const SumQuerySchema = Type.Object({
  include: Type.Optional(
    Type.Array(oneOf(DETAILS, 'A part of the answer.'), {
      description:
        'More of the answer: `sum` is the canonical text, `count` how many numbers there are, and `paths` the total of each place in the document that holds a number.',
      maxItems: DETAILS.length,
      uniqueItems: true,
      style: 'form',
      explode: false,
      'x-examples': {
        digest: { summary: 'Only the digest', value: [] },
        all: { summary: 'Everything', value: DETAILS },
      },
    }),
  ),
  collapse: Type.Optional(
    Type.Array(Type.String({ maxLength: MAX_COLLAPSED_LENGTH }), {
      description:
        'The path of an object that is used as a map, such as `$.users`: its members share the path `$.users[*]`. Spelled as `paths` are; can be repeated; needs `include=paths`.',
      maxItems: MAX_COLLAPSED,
      'x-examples': {
        none: { summary: 'None', value: [] },
        prices: { summary: 'Members of $.prices', value: ['$.prices'] },
      },
    }),
  ),
});

export const SumHeadersSchema = Type.Object({
  'Sum-Key': Type.Optional(
    Type.String({
      pattern: '^([A-Za-z0-9_-]{22,86})?$',
      description:
        'A secret of 16 to 64 random bytes, as base64url without padding. With it, each `sha256` of the answer becomes `hmac_sha256`: the digest of a total that can be guessed can be guessed, too, but not by those without the key. The server neither logs nor keeps it.',
      'x-examples': {
        none: { summary: 'None', value: '' },
        example: {
          summary: 'A key that is no secret',
          value: 'dGhpcyBleGFtcGxlIGlzIG5vIHNlY3JldA',
        },
      },
    }),
  ),
});

const hexadecimal = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{64}$', description });
const sha256 = hexadecimal('Lower-case hexadecimal SHA-256 of the canonical text of the sum.');

const DigestSchema = Type.Object(
  { sha256 },
  { $id: 'Digest', description: 'The control total of a document.' },
);

/** Members of a total, in the document or in one place of it. */
const total = {
  sha256: Type.Optional(sha256),
  hmac_sha256: Type.Optional(
    hexadecimal(
      'In place of `sha256`, with a `Sum-Key`: HMAC-SHA-256 (RFC 2104) of the same text.',
    ),
  ),
  sum: Type.Optional(
    Type.String({
      pattern: '^-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?$',
      description: 'The canonical text of the sum, with `include=sum`.',
    }),
  ),
};

const PathTotalSchema = Type.Object(
  {
    path: Type.String({
      description:
        'A JSONPath (RFC 9535) in which every array index is `[*]`, such as `$.orders[*].price`.',
    }),
    count: Type.Integer({ minimum: 1, description: 'How many numbers there are.' }),
    ...total,
  },
  { $id: 'PathTotal', description: 'The total of all numbers in one place of a document.' },
);

const SumDetailsSchema = Type.Object(
  {
    ...total,
    count: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'How many numbers there are, with `include=count`.',
      }),
    ),
    paths: Type.Optional(
      Type.Array(ref(PathTotalSchema), {
        description:
          'With `include=paths`: the totals of all places that hold numbers, in the order of the bytes of their paths in UTF-8.',
      }),
    ),
  },
  { $id: 'SumDetails', description: 'The control total of a document, and what was asked for.' },
);

/** A digest alone, unless a parameter or a key asks for something else. */
export const SumAnswerSchema = Type.Union([ref(DigestSchema), ref(SumDetailsSchema)], {
  $id: 'SumAnswer',
});

export const schemas = [DigestSchema, PathTotalSchema, SumDetailsSchema, SumAnswerSchema];
