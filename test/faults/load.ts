import { setTimeout as sleep } from 'node:timers/promises';
import { createClients, makeWorld, type World } from './clients.ts';
import { createRequests, type Requests } from './requests.ts';
import type { Site } from './site.ts';

/** Clients of each kind that work at once. */
const CLIENTS = 2;

export type Load = Awaited<ReturnType<typeof startLoad>>;

interface LoadOptions {
  /** Pause of each client between two requests, in milliseconds. */
  pause?: number;
  /** Makes further kinds of clients. */
  more?(world: World, requests: Requests): Record<string, () => Promise<void>>;
}

/** Starts clients that write and read without end, and keep journals of what they were told. */
export async function startLoad(site: Site, { pause = 0, more }: LoadOptions = {}) {
  const world = await makeWorld(site);
  const requests = createRequests();
  let stopped = false;
  const { work, journals, endedSessions, slowestLiveness } = createClients(
    site,
    world,
    requests,
    () => stopped,
  );
  const all = { ...work, ...more?.(world, requests) };
  const running = Object.values(all).flatMap((once) =>
    Array.from({ length: CLIENTS }, async () => {
      while (!stopped) {
        await once();
        if (pause > 0) await sleep(pause);
      }
    }),
  );
  return {
    ...world,
    journals,
    endedSessions,
    findings: requests.findings,
    /** Longest time that `/health/live` took, in milliseconds. */
    slowestLiveness,
    /** Number of writes that were acknowledged so far. */
    acknowledged: () =>
      Object.values(journals).reduce((sum, { count }) => sum + count('acknowledged'), 0),
    /** Lets every client finish the request that it has in flight. */
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}
