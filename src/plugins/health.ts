import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { problems } from '../http/problem.ts';
import { jsonResponse, problemResponses } from '../http/responses.ts';
import { storageUnavailable } from '../storage/errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds something that the server needs to be ready: `check` throws the problem where it is missing. */
    onReadiness(check: () => Promise<void>): void;
  }
}

const HealthSchema = Type.Object(
  { status: Type.Literal('ok', { description: 'Always ok: what is not, has another status.' }) },
  { $id: 'Health', description: 'A sign of life.' },
);

const healthy = jsonResponse('All is well.', HealthSchema, { ok: { status: 'ok' } });

/** What an orchestrator asks. `live` needs nothing but the process; `ready` all that requests need. */
export const healthPlugin = fp(
  async (app: FastifyInstance) => {
    const checks: (() => Promise<void>)[] = [];
    app.decorate('onReadiness', (check: () => Promise<void>) => void checks.push(check));
    app.addSchema(HealthSchema);
    app.get('/health/live', {
      config: { answersUnderPressure: true },
      schema: {
        operationId: 'checkLiveness',
        tags: ['health'],
        summary: 'Is the process alive?',
        description:
          'Answers as long as the process can answer at all. Restart it when it does not.',
        security: [],
        response: { 200: healthy, ...problemResponses([]) },
      },
      handler: async () => ({ status: 'ok' }),
    });
    app.get('/health/ready', {
      schema: {
        operationId: 'checkReadiness',
        tags: ['health'],
        summary: 'Can the server take requests?',
        description:
          'Answers 200 when all that requests need is there, the database first of all, and 503 when ' +
          'it is not and while the server shuts down.',
        security: [],
        response: {
          200: healthy,
          ...problemResponses([problems.databaseUnavailable, storageUnavailable, problems.closing]),
        },
      },
      handler: async () => {
        if (app.shutdown.begun)
          throw problems.closing(undefined, { headers: { 'retry-after': '1' } });
        await Promise.all(checks.map((check) => check()));
        return { status: 'ok' };
      },
    });
  },
  { name: 'health', dependencies: ['shutdown'] },
);
