import { hash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { networkOf } from '../../http/client-network.ts';
import type { InFlight } from '../../http/in-flight.ts';
import { problems } from '../../http/problem.ts';
import { ok } from '../../http/responses.ts';
import { secured } from '../../http/secured.ts';
import { compileAllButBody } from '../../http/validation.ts';
import { PLAIN_REQUEST } from './answer.ts';
import { codingOf } from './decoder.ts';
import { formatOf } from './media-type.ts';
import { sumProblems } from './problems.ts';
import { BODY, DigestSchema } from './schemas.ts';
import { type SumOptions, sumOfBody } from './sum-body.ts';

export interface SumRouteOptions extends SumOptions {
  /** Compressed documents in flight. */
  compressed: InFlight;
}

const DESCRIPTION = `Adds every number of a JSON document, of JSON Lines or of a JSON text sequence, without rounding, and answers with the SHA-256 of the sum. Two systems that hold the same numbers get the same answer, whatever the order, the formatting or the language.

The sum's text, whose bytes are hashed: an optional \`-\`, an integer part without leading zeros and, only where needed, \`.\` and a fraction without trailing zeros. Zero is \`0\`. There is no exponent.

The document is read as it arrives, in constant memory. \`Content-Encoding\` may be \`gzip\`, \`deflate\`, \`br\` or \`zstd\`; a document of more than a mebibyte is refused if it expands too much. A document without a \`Content-Type\`, or with the one that \`curl -d\` sends, is read as JSON too.

JSON Lines (\`application/x-ndjson\`, \`application/jsonl\`, \`application/jsonlines\`) have a value on each line; blank lines and CRLF are allowed. A JSON text sequence (\`application/json-seq\`, RFC 7464) has a record separator, 0x1E, before each value. The numbers of all values are added; a file without any has the sum 0.`;

const sumDocument = {
  operationId: 'sumDocument',
  tags: ['sum'],
  summary: 'Add up a document',
  description: DESCRIPTION,
  body: BODY,
  response: {
    200: ok('The control total.', Type.Unsafe<string>(DigestSchema), {
      ten: { sha256: hash('sha256', '10') },
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
  problems.tooManyInFlight,
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
    validatorCompiler: compileAllButBody,
    handler: async (request, reply) => {
      const { raw, headers, ip } = request;
      const format = formatOf(headers['content-type']);
      const wanted = format === 'json' ? PLAIN_REQUEST : { ...PLAIN_REQUEST, format };
      const coding = codingOf(headers['content-encoding']);
      const read = () => sumOfBody(raw, coding, wanted, options);
      const answer = await (coding ? options.compressed.run(networkOf(ip), read) : read());
      if (request.account) await app.confirmSession(request);
      return reply.type('application/json; charset=utf-8').send(answer);
    },
  });
};
