import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, Registry } from 'prom-client';
import { facts, type WorkerEnd } from '../telemetry.ts';
import { createInstrument } from './registry.ts';
import { serveMetrics } from './server.ts';

/** Metrics as JSON, as prom-client aggregates them. */
type Values = MetricObjectWithValues<never>[];

/** The primary's question, and a worker's answer. The last answer of a worker, without an id, is no answer to one. */
type Question = { metricsWanted: number };
type Answer = { metrics: Values; id?: number };

const WORKER_ENDS: readonly WorkerEnd[] = ['replaced', 'stopped', 'died', 'hung'];

/** Longest wait for a worker: more than the check of readiness takes, less than Prometheus waits. */
const ANSWER_TIMEOUT_MS = 5000;

/** Serves the metrics of all workers as one. @throws {ConfigError} if the port cannot be listened on */
export async function serveWorkerMetrics(
  address: { host: string; port: number },
  onError: (error: unknown) => void,
): Promise<void> {
  const workers = new WorkerMetrics();
  await serveMetrics(address, workers, onError);
}

/**
 * Adds up the metrics of the workers. Counters of workers that have ended or hang stay in the sums: if they went
 * backwards, Prometheus would take that for a restart and count everything again.
 */
class WorkerMetrics {
  readonly #own = new Registry();
  readonly contentType = this.#own.contentType;
  readonly #workers = createInstrument('workers', this.#own);
  readonly #ended = createInstrument('endedWorkers', this.#own);
  /** The last metrics of each worker. */
  readonly #last = new Map<number, Values>();
  #past: Values = [];
  #lastId = 0;

  constructor() {
    createInstrument('primaryStart', this.#own).set(Date.now() / 1000 - process.uptime());
    // Prometheus sees no increase where a series begins.
    for (const reason of WORKER_ENDS) this.#ended.inc({ reason }, 0);
    facts.subscribe((fact) => {
      if (fact.type === 'worker_end') this.#ended.inc({ reason: fact.reason });
    });
    cluster.on('message', ({ id }: Worker, answer: Partial<Answer>) => {
      if (answer.metrics) this.#last.set(id, answer.metrics);
    });
    cluster.on('exit', (worker: Worker) => {
      // Its last answer may still be on its way.
      if (worker.isConnected()) worker.once('disconnect', () => this.#forget(worker.id));
      else this.#forget(worker.id);
    });
  }

  async metrics(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const answers = await Promise.all(workers.map((worker) => this.#ask(worker)));
    const states = { answering: 0, silent: 0 };
    const living: Values[] = [];
    for (const [index, worker] of workers.entries()) {
      const last = this.#last.get(worker.id);
      // The metrics of one that has ended meanwhile are in the past.
      if (worker.isDead() && !last) continue;
      const answer = answers[index];
      if (answer) states.answering += 1;
      else if (!worker.isDead()) states.silent += 1;
      living.push(answer ?? cumulative(last ?? []));
    }
    const past = this.#past;
    for (const [state, count] of Object.entries(states)) this.#workers.set({ state }, count);
    const own = await this.#own.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([own, ...living, past]).metrics();
  }

  /** Returns the metrics of a worker, or undefined if it does not answer. */
  #ask(worker: Worker): Promise<Values | undefined> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const finish = (values?: Values) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('exit', onExit);
        resolve(values);
      };
      const onExit = () => finish();
      const onMessage = (answer: Partial<Answer>) => {
        if (answer.id === id) finish(answer.metrics);
      };
      const timer = setTimeout(finish, ANSWER_TIMEOUT_MS);
      worker.on('message', onMessage).on('exit', onExit);
      worker.send({ metricsWanted: id } satisfies Question, (error) => {
        if (error) finish();
      });
    });
  }

  #forget(id: number): void {
    const last = cumulative(this.#last.get(id) ?? []);
    this.#last.delete(id);
    // The metrics of an aggregate have their values as members.
    const sums = AggregatorRegistry.aggregate([this.#past, last]).getMetricsAsArray();
    this.#past = sums as unknown as Values;
  }
}

const cumulative = (values: Values) =>
  values.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));

/**
 * Answers the primary's questions, after a refresh of what is not counted. Returns a function that ends that with a last
 * answer, which nobody asked for.
 */
export function answerPrimary(registry: Registry, refresh: () => Promise<void>) {
  const answer = async (id?: number) => {
    const metrics = (await registry.getMetricsAsJSON()) as Values;
    const message: Answer = { metrics, ...(id !== undefined && { id }) };
    if (process.connected) await new Promise((sent) => process.send!(message, sent));
  };
  const onMessage = ({ metricsWanted: id }: Partial<Question>) => {
    if (id !== undefined) void refresh().then(() => answer(id));
  };
  process.on('message', onMessage);
  return async (): Promise<void> => {
    process.off('message', onMessage);
    await answer();
  };
}
