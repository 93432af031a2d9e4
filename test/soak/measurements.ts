import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';

/** The server at one moment; sizes in MiB, times in milliseconds. */
export interface Sample {
  /** Seconds since the start. */
  at: number;
  rss: number;
  heap: number;
  external: number;
  descriptors: number;
  loopDelay: number;
  /** Requests per second since the last sample. */
  rate: number;
  median: number;
  p99: number;
  slowest: number;
}

const MIB = 1024 ** 2;

/** Measures a server process and the requests that this process sends to it. */
export function createMeasurements(pid: () => number, metricsUrl: string, origin: string) {
  const samples: Sample[] = [];
  const watch = watchRequests(origin);
  const started = performance.now();
  let last = started;

  async function sample(): Promise<void> {
    const metrics = await readMetrics(metricsUrl);
    if (!metrics) return;
    const now = performance.now();
    const times = watch.takeTimes().toSorted((a, b) => a - b);
    const quantile = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
    samples.push({
      at: (now - started) / 1000,
      rss: residentOf(pid()) / MIB,
      heap: (metrics.get('nodejs_heap_size_used_bytes') ?? 0) / MIB,
      external: (metrics.get('nodejs_external_memory_bytes') ?? 0) / MIB,
      descriptors: descriptorsOf(pid()),
      loopDelay: (metrics.get('nodejs_eventloop_lag_p99_seconds') ?? 0) * 1000,
      rate: times.length / ((now - last) / 1000),
      median: quantile(0.5),
      p99: quantile(0.99),
      slowest: quantile(1),
    });
    last = now;
  }

  return { samples, sample, statuses: watch.statuses, stop: watch.stop };
}

interface RequestMessage {
  request: { origin?: string };
  response?: { statusCode: number };
}

/** Notes the time and the status of every request that this process sends to an origin. */
function watchRequests(origin: string) {
  const starts = new WeakMap<object, number>();
  const statuses = new Map<number, number>();
  let times: number[] = [];
  const listeners = {
    'undici:request:create': ({ request }: RequestMessage) => {
      if (request.origin === origin) starts.set(request, performance.now());
    },
    'undici:request:headers': ({ request, response }: RequestMessage) => {
      if (!starts.has(request)) return;
      const { statusCode } = response!;
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    },
    'undici:request:trailers': ({ request }: RequestMessage) => {
      const start = starts.get(request);
      if (start !== undefined) times.push(performance.now() - start);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener as never);
  return {
    statuses,
    takeTimes() {
      const taken = times;
      times = [];
      return taken;
    },
    stop() {
      for (const [name, listener] of Object.entries(listeners)) {
        unsubscribe(name, listener as never);
      }
    },
  };
}

/** Reads the metrics of a server that have no labels; undefined while it does not answer. */
async function readMetrics(url: string): Promise<Map<string, number> | undefined> {
  const response = await fetch(url).catch(() => undefined);
  const text = await response?.text();
  if (!response?.ok) return undefined;
  return new Map(
    [...text!.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
  );
}

/** Returns the process and those that it has started, such as workers. */
function tree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return [
    pid,
    ...children
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => tree(Number(child))),
  ];
}

function residentOf(pid: number): number {
  const sizes = tree(pid).map((one) => {
    const status = readFileSync(`/proc/${one}/status`, 'latin1');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

function descriptorsOf(pid: number): number {
  return tree(pid).reduce((sum, one) => sum + readdirSync(`/proc/${one}/fd`).length, 0);
}

/** Returns the average of a quarter of the samples, counted from 1. */
export function averageOfQuarter(
  samples: readonly Sample[],
  quarter: number,
  member: keyof Sample,
): number {
  const size = Math.floor(samples.length / 4);
  const part = samples.slice((quarter - 1) * size, quarter === 4 ? undefined : quarter * size);
  return part.reduce((sum, sample) => sum + sample[member], 0) / Math.max(1, part.length);
}
