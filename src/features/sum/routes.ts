import { hash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { networkOf } from '../../http/client-network.ts';
import type { InFlight } from '../../http/in-flight.ts';
import { problems } from '../../http/problem.ts';
import { ok } from '../../http/responses.ts';
import { secured } from '../../http/secured.ts';
import type { HoldAnswer } from './answer-memory.ts';
import { codingOf } from './decoder.ts';
import { sumRequestOf } from './parameters.ts';
import { sumProblems } from './problems.ts';
import { BODY, SumAnswerSchema, SumHeadersSchema, SumQuerySchema } from './schemas.ts';
import { type SumOptions, sumOfBody } from './sum-body.ts';

export interface SumRouteOptions extends SumOptions {
  /** Compressed documents in flight. */
  compressed: InFlight;
  holdAnswer: HoldAnswer;
}

const DESCRIPTION = `Adds every number of a JSON document, of JSON Lines or of a JSON text sequence, without rounding, and answers with the SHA-256 of the sum. Two systems that hold the same numbers get the same answer, whatever the order, the formatting or the language.

The sum's text, whose bytes are hashed: an optional \`-\`, an integer part without leading zeros and, only where needed, \`.\` and a fraction without trailing zeros. Zero is \`0\`. There is no exponent.

The document is read as it arrives, in constant memory. \`Content-Encoding\` may be \`gzip\`, \`deflate\`, \`br\` or \`zstd\`; a document of more than a mebibyte is refused if it expands too much. A document without a \`Content-Type\`, or with the one that \`curl -d\` sends, is read as JSON too.

JSON Lines (\`application/x-ndjson\`, \`application/jsonl\`, \`application/jsonlines\`) have a value on each line; blank lines and CRLF are allowed. A JSON text sequence (\`application/json-seq\`, RFC 7464) has a record separator, 0x1E, before each value. The numbers of all values are added; a file without any has the sum 0.

To find where two documents differ, ask for the totals of all places that hold numbers: \`include=sum,count,paths\`. A place is spelled as a JSONPath (RFC 9535) with \`[*]\` for every index. Objects used as maps have a place for each key; \`collapse=$.users\` makes it one, \`$.users[*]\`.`;

const sha256 = (sum: string) => hash('sha256', sum);

const sumDocument = {
  operationId: 'sumDocument',
  tags: ['sum'],
  summary: 'Add up a document',
  description: DESCRIPTION,
  querystring: SumQuerySchema,
  headers: SumHeadersSchema,
  body: BODY,
  response: {
    200: ok('The control total.', Type.Unsafe<string | Buffer>(SumAnswerSchema), {
      ten: { sha256: sha256('10') },
      details: {
        sha256: sha256('24.99'),
        sum: '24.99',
        count: 2,
        paths: [{ path: '$.lines[*].price', count: 2, sha256: sha256('24.99'), sum: '24.99' }],
      },
    }),
  },
};

const SUM_PROBLEMS = [
  problems.malformedRequest,
  problems.malformedJson,
  sumProblems.malformedEncoding,
  problems.requestTimeout,
  sumProblems.documentTooLarge,
  sumProblems.compressionRatio,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
  sumProblems.tooDeep,
  sumProblems.numberOutOfRange,
  sumProblems.tooManyPaths,
  sumProblems.memoryExhausted,
];

export const sumRoutes: FastifyPluginAsyncTypebox<SumRouteOptions> = async (app, options) => {
  app.post('/sum', {
    ...secured('sum', { readsOwnBody: true, problems: SUM_PROBLEMS }),
    schema: sumDocument,
    // The schema is documentation: a body is checked as it is read, and parameters by `sumRequestOf`.
    validatorCompiler: () => () => true,
    handler: async (request, reply) => {
      const { raw, headers } = request;
      const wanted = sumRequestOf(request.query, headers);
      const coding = codingOf(headers['content-encoding']);
      const read = () => sumOfBody(raw, coding, wanted, options);
      // `request.ip` is worked out each time it is read.
      const answer = await (coding ? options.compressed.run(networkOf(request.ip), read) : read());
      if (request.account) await app.confirmSession(request);
      options.holdAnswer(reply.raw, answer.length);
      return reply.type('application/json; charset=utf-8').send(answer);
    },
  });
};
