import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from './journal.ts';

/** Longest time that a client waits, in milliseconds: no fault may keep a request for longer. */
const LONGEST_WAIT = 20_000;
/** A pause after a refusal, so that clients of a server that is down do not spin; in milliseconds. */
export const REFUSED_PAUSE = 20;
/** Pause after a refused connection, in milliseconds. */
const DOWN_PAUSE = 100;
/** Statuses that honest clients may get while a fault lasts, besides success. */
const REFUSALS = new Set([429, 503]);

export interface Answer {
  /** Undefined where no answer came. */
  status?: number;
  code?: string;
  body?: Record<string, unknown>;
}

export type Requests = ReturnType<typeof createRequests>;

/** Sends requests, says what their clients know afterwards, and collects what no client should see. */
export function createRequests() {
  const findings = new Map<string, number>();
  const find = (finding: string) => void findings.set(finding, (findings.get(finding) ?? 0) + 1);

  async function answerOf(what: string, request: () => Promise<Response>): Promise<Answer> {
    const started = Date.now();
    try {
      const response = await request();
      const text = await response.text();
      if (response.status === 503 && !response.headers.has('retry-after')) {
        find(`${what} got a 503 without Retry-After`);
      }
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { status: response.status, code: String(body.code ?? ''), body };
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      const isDown = code === 'ECONNREFUSED';
      await pause(isDown ? DOWN_PAUSE : REFUSED_PAUSE);
      // Nobody listens, so nothing was sent. Otherwise the server died amid the request.
      return isDown ? { status: 503, code: 'connection_refused' } : {};
    } finally {
      const waited = Date.now() - started;
      if (waited > LONGEST_WAIT) find(`${what} took more than ${LONGEST_WAIT} ms`);
    }
  }

  /** Sends one write. Statuses that are expected of it, besides those of any refusal, are `expected`. */
  async function outcomeOf(
    what: string,
    request: () => Promise<Response>,
    expected: readonly number[] = [],
  ): Promise<Outcome> {
    const { status, code } = await answerOf(what, request);
    if (status === undefined || code === 'outcome_unknown') return 'unknown';
    if (status < 300) return 'acknowledged';
    if (!REFUSALS.has(status) && !expected.includes(status)) {
      find(`${what} was answered with ${status} ${code}`);
    }
    await pause(REFUSED_PAUSE);
    return 'refused';
  }

  return {
    find,
    answerOf,
    outcomeOf,
    /** Each thing that is wrong once, with the number of times that it was seen. */
    findings: () => [...findings].map(([finding, times]) => `${finding} (${times} times)`),
  };
}
