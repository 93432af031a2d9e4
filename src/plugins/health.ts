import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { problems } from '../http/problem.ts';
import { ok } from '../http/responses.ts';
import { storageUnavailable } from '../storage/errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds something that the server needs to be ready: `check` throws the problem where it is missing. */
    onReadiness(check: () => Promise<void>): void;
  }
}

const HealthSchema = Type.Object(
  {
    status: Type.Literal('ok', {
      description: 'Always `ok`; a failing check answers with another HTTP status.',
    }),
  },
  { $id: 'Health', description: 'A sign of life.' },
);

const healthy = ok('All is well.', HealthSchema, { ok: { status: 'ok' } });

/** Probes for an orchestrator: `live` checks the process alone, `ready` everything that requests need. */
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
        response: { 200: healthy },
      },
      handler: async () => ({ status: 'ok' }),
    });
    app.get('/health/ready', {
      config: { problems: [problems.databaseUnavailable, storageUnavailable, problems.closing] },
      schema: {
        operationId: 'checkReadiness',
        tags: ['health'],
        summary: 'Can the server take requests?',
        description:
          'Answers 200 when all that requests need is there, the database first of all, and 503 when ' +
          'it is not and while the server shuts down.',
        response: { 200: healthy },
      },
      handler: async () => {
        if (app.shutdown.begun) throw problems.closing();
        await Promise.all(checks.map((check) => check()));
        return { status: 'ok' };
      },
    });
  },
  { name: 'health', dependencies: ['shutdown'] },
);
