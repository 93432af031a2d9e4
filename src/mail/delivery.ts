import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../database/database.ts';
import { DAY_MS, HOUR_MS } from '../setting-types.ts';
import { facts } from '../telemetry.ts';
import { createMailRepository, type MailRepository } from './repository.ts';
import type { MailTables } from './tables.ts';
import { MailRefused, type Message, type SendMessage } from './transport.ts';

/** Makes the message of a mail when it is sent; undefined if there is nobody to send it to any more. */
export type Compose = (
  data: Record<string, string>,
  mailId: string,
) => Promise<Message | undefined>;

/** Mails that a process sends at once. */
const CONCURRENCY = 5;
const ATTEMPT_TIMEOUT_MS = 180_000;
/** Time for attempts in flight when the process ends. */
const END_TIMEOUT_MS = 5000;
/** Time after which an attempt of a process that has died is made anew; longer than any attempt. */
const LEASE_MS = ATTEMPT_TIMEOUT_MS + 60_000;
const FIRST_PAUSE_MS = 10_000;
/** Attempts to remove a mail that was sent. */
const MAX_REMOVALS = 20;
const REMOVAL_PAUSE_MS = 1000;
/** Time after which a mail that cannot be sent is given up. */
const LIFETIME_MS = DAY_MS;

interface DeliveryDeps {
  database: Database<MailTables>;
  log: FastifyBaseLogger;
  send: SendMessage;
  /** The kinds of mails that can be sent. */
  kinds: ReadonlyMap<string, Compose>;
}

type Mail = Awaited<ReturnType<MailRepository['take']>>[number];

/**
 * Sends the mails that wait. Each is taken by one process of all, and removed once a server has accepted it: so it is sent
 * once, and again only if the process or the connection is lost between these two.
 */
export function createDelivery({ database, log, send, kinds }: DeliveryDeps) {
  const mails = createMailRepository(database.db, database.kind);
  const ending = new AbortController();
  let isEnding = false;

  async function deliver(mail: Mail): Promise<void> {
    const { id, kind, attempts, created_at } = mail;
    const described = { mail: id, kind, attempts };
    try {
      if (isOld(created_at)) throw new Error('it has waited for a day');
      log.info(described, await attempt(mail));
    } catch (error) {
      if (ending.signal.aborted) return mails.postpone(id, 0);
      const isHopeless = error instanceof MailRefused || isOld(created_at);
      facts.publish({ type: 'mail', outcome: isHopeless ? 'dropped' : 'delayed' });
      if (!isHopeless) {
        log.warn(
          { ...described, err: error },
          'a mail cannot be sent now; another attempt follows',
        );
        return mails.postpone(id, pauseAfter(attempts));
      }
      log.error({ ...described, err: error }, 'a mail cannot be sent, and is dropped');
    }
    await removeAfterwards(mails, id);
  }

  /** Returns what to log of an attempt that did not fail. */
  async function attempt({ id, kind, data }: Mail): Promise<string> {
    const compose = kinds.get(kind);
    if (!compose) throw new Error('this version of the server does not know the kind of mail');
    const message = await compose(JSON.parse(data), id);
    if (!message) return 'a mail is not sent: nobody is to get it';
    const timeout = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
    await send(id, message, AbortSignal.any([timeout, ending.signal]));
    facts.publish({ type: 'mail', outcome: 'sent' });
    return 'a mail is delivered';
  }

  return {
    /** Sends everything that is due. */
    async run(): Promise<void> {
      for (let isLast = false; !isLast && !isEnding; ) {
        const taken = await mails.take(CONCURRENCY, LEASE_MS);
        await Promise.all(taken.map(deliver));
        isLast = taken.length < CONCURRENCY;
      }
    },
    /** Begins no further attempts, and soon ends those in flight: another process, or this one later, makes them anew. */
    end(): void {
      isEnding = true;
      setTimeout(() => ending.abort(), END_TIMEOUT_MS).unref();
    },
  };
}

/** Returns pauses of 10 seconds, 20, 40, up to an hour, each a little longer or shorter. */
function pauseAfter(attempts: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), HOUR_MS);
  return pause * (0.9 + 0.2 * Math.random());
}

const isOld = (createdAt: number) => Date.now() > createdAt + LIFETIME_MS;

/** Removes a mail that was sent. If the database fails just now, the mail would be sent again. */
async function removeAfterwards(mails: MailRepository, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await mails.remove(id);
    } catch (error) {
      if (attempt === MAX_REMOVALS) throw error;
      await pause(REMOVAL_PAUSE_MS);
    }
  }
}
