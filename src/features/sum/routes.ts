import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { tokenProblems } from '../../plugins/authenticate.ts';
import { problems } from '../../problem.ts';
import { jsonResponse, problemResponses } from '../../route-schemas.ts';
import { checkMediaType } from './document-stream.ts';
import { sumProblems } from './problems.ts';
import { DigestSchema, DocumentSchema } from './schemas.ts';
import { type SumOptions, sumOfBody } from './sum-stream.ts';

export async function sumRoutes(app: FastifyInstance, options: SumOptions) {
  app.post('/sum', {
    onRequest: app.requireScope('sum'),
    config: { readsOwnBody: true },
    // The body is read by the engine; there is no value to hold against a schema.
    validatorCompiler: () => () => true,
    schema: {
      operationId: 'sumDocument',
      tags: ['sum'],
      summary: 'Add up a document',
      description: DESCRIPTION,
      security: [{ bearer: [] }],
      body: DocumentSchema,
      response: {
        200: jsonResponse('The control total.', DigestSchema, {
          ten: { sha256: hash('sha256', '10') },
        }),
        ...problemResponses(SUM_PROBLEMS),
      },
    },
    handler: async ({ raw, headers }) => {
      checkMediaType(headers['content-type']);
      return { sha256: hash('sha256', await sumOfBody(raw, options)) };
    },
  });
}

const DESCRIPTION = `Adds every number of a JSON document, without rounding, and answers with the SHA-256 of the sum. Two systems that hold the same numbers get the same answer, whatever the order, the formatting or the language.

The sum's text, whose bytes are hashed: an optional \`-\`, an integer part without leading zeros and, only where needed, \`.\` and a fraction without trailing zeros. Zero is \`0\`. There is no exponent.

The document is read as it arrives, in constant memory. \`Content-Encoding\` may be \`gzip\`, \`deflate\`, \`br\` or \`zstd\`. A document without a \`Content-Type\`, or with the one that \`curl -d\` sends, is read as JSON too.`;

const SUM_PROBLEMS = [
  problems.malformedRequest,
  problems.malformedJson,
  sumProblems.malformedEncoding,
  ...tokenProblems,
  problems.requestTimeout,
  sumProblems.documentTooLarge,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
  sumProblems.tooDeep,
  sumProblems.numberOutOfRange,
];
