import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type HistogramConfiguration,
  type Metric,
  Registry,
} from 'prom-client';
import { version } from '../version.ts';
import { type Catalogue, catalogue } from './catalogue.ts';
import { type Sample, Traffic } from './traffic.ts';

/** Metrics of the catalogue that are no instruments here: that of the primary, and what `Traffic` counts. */
const OTHERS = [
  'primaryStart',
  'requestDuration',
  'requestsInFlight',
  'requestBytes',
  'responseBytes',
] as const satisfies (keyof Catalogue)[];

/** The other metrics, by their names in the catalogue. */
export type Instruments = {
  readonly [Name in Exclude<keyof Catalogue, (typeof OTHERS)[number]>]: InstrumentOf<Name>;
};

type InstrumentOf<Name extends keyof Catalogue> = Instrument<
  Catalogue[Name]['type'],
  Catalogue[Name]['labels'][number]
>;

type Instrument<Type, Label extends string> = Type extends 'counter'
  ? Counter<Label>
  : Type extends 'gauge'
    ? Gauge<Label>
    : Histogram<Label>;

const CLASSES = { counter: Counter, gauge: Gauge, histogram: Histogram };

/** Creates all metrics in a registry of their own, with those of the process that prom-client collects. */
export function createRegistry() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const names = Object.keys(catalogue) as (keyof Catalogue)[];
  const entries = names
    .filter((name) => !(OTHERS as readonly string[]).includes(name))
    .map((name) => [name, createInstrument(name, registry)]);
  const instruments = Object.fromEntries(entries) as Instruments;
  // Absent until it is known: 0 would be an outage.
  instruments.redisConnected.remove();
  instruments.buildInfo.set({ version }, 1);
  const traffic = new Traffic();
  registerComputed('requestDuration', registry, () => traffic.durations());
  registerComputed('requestsInFlight', registry, () => [{ labels: {}, value: traffic.inFlight }]);
  registerComputed('requestBytes', registry, () => traffic.bytes('received'));
  registerComputed('responseBytes', registry, () => traffic.bytes('sent'));
  return { registry, instruments, traffic };
}

/** Creates one metric of the catalogue. */
export function createInstrument<Name extends keyof Catalogue>(
  name: Name,
  registry: Registry,
): InstrumentOf<Name> {
  const { type, labels, ...definition } = catalogue[name];
  const configuration = { ...definition, labelNames: [...labels], registers: [registry] };
  const Class = CLASSES[type] as new (
    configuration: CounterConfiguration<string> & HistogramConfiguration<string>,
  ) => unknown;
  return new Class(configuration as never) as InstrumentOf<Name>;
}

/** Registers a metric of the catalogue whose samples are made when they are read. */
function registerComputed(name: keyof Catalogue, registry: Registry, read: () => Sample[]): void {
  const { labels: _, ...definition } = catalogue[name];
  const description = { aggregator: 'sum', ...definition };
  // All that a registry asks of a metric.
  const metric = { ...description, get: async () => ({ ...description, values: read() }) };
  registry.registerMetric(metric as unknown as Metric);
}
