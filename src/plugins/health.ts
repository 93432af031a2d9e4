import { setTimeout } from 'node:timers/promises';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem, problems } from '../http/problem.ts';
import { ok } from '../http/responses.ts';
import { storageUnavailable } from '../storage/errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readiness: Readiness;
  }
}

interface Readiness {
  /** Adds a part that the server needs to be ready. `check` throws the problem where it is missing. */
  add(part: string, check: () => Promise<void>): void;
  /**
   * Checks all parts. Returns the error of each, or undefined where it is ready. A part that does not know within
   * `timeout` milliseconds is not ready.
   */
  check(timeout?: number): Promise<Map<string, unknown>>;
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
    const readiness = createReadiness();
    app.decorate('readiness', readiness);
    readiness.add('closing', async () => {
      if (app.shutdown.begun) throw problems.closing();
    });
    app.addSchema(HealthSchema);
    app.get('/health/live', {
      config: { answersUnderPressure: true, rate: 'unlimited' },
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
      config: {
        rate: 'unlimited',
        problems: [problems.databaseUnavailable, storageUnavailable, problems.closing],
      },
      schema: {
        operationId: 'checkReadiness',
        tags: ['health'],
        summary: 'Can the server take requests?',
        description:
          'Answers 200 when all that requests need is there, the database first of all, and 503 when ' +
          'it is not and while the server shuts down. `not_ready` of the problem lists what is missing: ' +
          '`database`, `storage`, `closing`.',
        response: { 200: healthy },
      },
      handler: async () => {
        refuseUnready(await readiness.check());
        return { status: 'ok' };
      },
    });
  },
  { name: 'health', dependencies: ['shutdown'] },
);

function createReadiness(): Readiness {
  const checks = new Map<string, () => Promise<void>>();
  return {
    add: (part, check) => void checks.set(part, check),
    async check(timeout) {
      const results = [...checks].map(async ([part, check]) => {
        const known = timeout === undefined ? check() : within(timeout, check());
        return [part, await errorOf(known)] as const;
      });
      return new Map(await Promise.all(results));
    },
  };
}

async function within(timeout: number, check: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const late = setTimeout(timeout, undefined, { signal: ended.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${timeout} ms`);
  });
  await Promise.race([check, late]).finally(() => ended.abort());
}

function errorOf(check: Promise<void>): Promise<unknown> {
  return check.then(
    () => undefined,
    (error) => error ?? new Error('unknown'),
  );
}

/** Throws the problem of the first part that is not ready, with the names of all of them. */
function refuseUnready(errors: ReadonlyMap<string, unknown>): void {
  const notReady = [...errors].filter(([, error]) => error !== undefined);
  const [first] = notReady;
  if (!first) return;
  const [, error] = first;
  if (!(error instanceof Problem)) throw error;
  const { status, code, message, headers, cause } = error;
  const members = { not_ready: notReady.map(([part]) => part) };
  throw new Problem(status, code, message, { headers, members, cause });
}
