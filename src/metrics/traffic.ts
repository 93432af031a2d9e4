import { catalogue } from './catalogue.ts';

/** Methods that are labels; others that a client sends count as `OTHER`. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const { name: DURATION, buckets: BOUNDS } = catalogue.requestDuration;

/** A value of a metric; of a histogram, with the name of the series. */
export interface Sample {
  metricName?: string;
  labels: Readonly<Record<string, string | number>>;
  value: number;
}

/**
 * Counts requests in plain numbers, which become samples only when they are read: finding the numbers of a set of labels
 * at each request would cost more than all the rest.
 */
export class Traffic {
  inFlight = 0;
  readonly #routes = new Map<string, RouteTraffic>();
  readonly unknown = this.route('unknown');

  /** Returns the counts of a route's pattern. */
  route(pattern: string): RouteTraffic {
    const route = this.#routes.get(pattern) ?? new RouteTraffic(pattern);
    this.#routes.set(pattern, route);
    return route;
  }

  durations(): Sample[] {
    return this.#methods().flatMap((method) => [...method.durations.values()].flatMap(toSamples));
  }

  /** Returns the bytes of bodies that requests, or responses, have announced. */
  bytes(direction: 'received' | 'sent'): Sample[] {
    const counted = this.#methods().filter((method) => method[direction] > 0);
    return counted.map(({ labels, [direction]: value }) => ({ labels, value }));
  }

  #methods(): MethodTraffic[] {
    return [...this.#routes.values()].flatMap((route) => [...route.methods.values()]);
  }
}

/** The requests of a route. */
export class RouteTraffic {
  readonly #pattern: string;
  readonly methods = new Map<string, MethodTraffic>();

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Returns the counts of a method. */
  of(method: string): MethodTraffic {
    return this.methods.get(method) ?? this.#add(METHODS.has(method) ? method : 'OTHER');
  }

  #add(method: string): MethodTraffic {
    const traffic = this.methods.get(method) ?? new MethodTraffic(method, this.#pattern);
    this.methods.set(method, traffic);
    return traffic;
  }
}

type Status = number | 'aborted';

/** The requests of a route with one method. */
class MethodTraffic {
  readonly labels: { method: string; route: string };
  readonly durations = new Map<Status, Durations>();
  received = 0;
  sent = 0;

  constructor(method: string, route: string) {
    this.labels = { method, route };
  }

  /** Counts a request that has ended. */
  count(status: Status, seconds: number): void {
    let durations = this.durations.get(status);
    if (!durations) {
      durations = new Durations({ ...this.labels, status });
      this.durations.set(status, durations);
    }
    durations.add(seconds);
  }
}

/** A histogram. */
class Durations {
  readonly labels: Sample['labels'];
  /** Numbers of durations up to each bound that are above the bound before it; the last is above all bounds. */
  readonly counts = BOUNDS.map(() => 0).concat(0);
  sum = 0;

  constructor(labels: Sample['labels']) {
    this.labels = labels;
  }

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
    this.counts[bucket]! += 1;
    this.sum += seconds;
  }
}

function toSamples({ labels, counts, sum }: Durations): Sample[] {
  let count = 0;
  const buckets = counts.map((own, index) => {
    count += own;
    const le = BOUNDS[index] ?? '+Inf';
    return { metricName: `${DURATION}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${DURATION}_sum`, labels, value: sum },
    { metricName: `${DURATION}_count`, labels, value: count },
  ];
}
