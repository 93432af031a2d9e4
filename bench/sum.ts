/**
 * Measures the sum engine beside its alternatives: `scripts/bench sum -- [FILES] [--json]`. Contenders take
 * turns, so that a noisy machine disturbs all of them; only the ratios of one run count.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Format } from '../src/features/sum/engine/format.ts';
import { DEFAULT_LIMITS } from '../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../src/features/sum/streams/node-engine.ts';
import { geometricMean, median, pairedRatio } from './lib/measure.ts';
import { type Contender, createContenders, parseAndWalk, streamed } from './sum-contenders.ts';
import { measureLocal } from './sum-local.ts';

const ROUNDS = 7;
/** Shortest time for which a turn repeats the document. */
const TURN_MS = 25;

const engine = createNodeEngine(DEFAULT_LIMITS);

interface Result {
  contender: string;
  median: number;
  low: number;
  high: number;
  /** GB/s in each round. */
  speeds: number[];
  /** To `JSON.parse` + walk: the median of the rounds' ratios, as noise comes and goes between rounds. */
  ratio: number;
  /** Largest growth of the resident set during a turn, in bytes. */
  memory: number;
}

function defaultFiles(): string[] {
  const names = ['flights-200k', 'movies', 'football', 'earthquakes', 'us-10m', 'budget', 'jobs'];
  const more = ['platformer-terrain', 'annual-precip', 'normal-2d'];
  return [
    '@mdn/browser-compat-data/data.json',
    'world-atlas/countries-50m.json',
    ...[...names, ...more].map((name) => `vega-datasets/data/${name}.json`),
  ].map((name) => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url)));
}

/** Returns GB/s, and the growth of the resident set in bytes. */
async function turn(contender: Contender, document: Buffer): Promise<[number, number]> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const started = performance.now();
  let elapsed = 0;
  let times = 0;
  while (elapsed < TURN_MS) {
    await contender.run(document);
    times++;
    elapsed = performance.now() - started;
  }
  return [(document.length * times) / elapsed / 1e6, process.memoryUsage.rss() - before];
}

async function measure(document: Buffer, every: Contender[]): Promise<Result[]> {
  const contenders = every.filter(({ atMost }) => document.length <= atMost);
  const speeds = contenders.map((): number[] => []);
  const memory = contenders.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, contender] of contenders.entries()) {
      const [speed, grown] = await turn(contender, document);
      // The first round warms up.
      if (round > 0) speeds[i]?.push(speed);
      memory[i] = Math.max(memory[i] ?? 0, grown);
    }
  }
  const rival = speeds[contenders.findIndex(({ run }) => run === parseAndWalk)] ?? [];
  return contenders.map(({ name }, i) => {
    const ratios = speeds[i]!.map((speed, round) => speed / (rival[round] ?? speed));
    return {
      contender: name,
      speeds: speeds[i]!,
      median: median(speeds[i]!),
      low: Math.min(...speeds[i]!),
      high: Math.max(...speeds[i]!),
      ratio: median(ratios),
      memory: memory[i]!,
    };
  });
}

function printFile(file: string, bytes: number, results: Result[]): void {
  console.log(`\n${basename(file)} (${(bytes / 1e6).toFixed(2)} MB)`);
  for (const { contender, median, low, high, ratio, memory } of results) {
    const spread = `${low.toFixed(3)} to ${high.toFixed(3)}`;
    console.log(
      `  ${contender.padEnd(28)}${median.toFixed(3).padStart(8)} GB/s  ${spread.padEnd(18)}${`x ${ratio.toFixed(2)}`.padStart(9)}${`${(memory / 2 ** 20).toFixed(1)} MiB`.padStart(12)}`,
    );
  }
}

/** Returns the ratio of two contenders: the median of those of the rounds. */
function ratioOf(results: Result[], ours: string, theirs: string): number {
  const speedsOf = (name: string) => results.find(({ contender }) => contender === name)!.speeds;
  return pairedRatio(speedsOf(ours), speedsOf(theirs));
}

/** Returns the speed of JSON Lines to that of the same values in one array, without and with line feeds between them. */
async function measureLines(document: Buffer): Promise<[number, number] | undefined> {
  const values: unknown = JSON.parse(document.toString());
  if (!Array.isArray(values)) return undefined;
  const texts = values.map((value) => JSON.stringify(value));
  const contender = (name: string, text: string, format: Format = 'json'): Contender => {
    const bytes = Buffer.from(text);
    const run = () => streamed(engine, bytes, { format });
    return { name, atMost: Number.POSITIVE_INFINITY, run };
  };
  const results = await measure(document, [
    contender('lines', texts.join('\n'), 'lines'),
    contender('array', `[${texts.join(',')}]`),
    contender('array of lines', `[\n${texts.join(',\n')}\n]`),
  ]);
  return [ratioOf(results, 'lines', 'array'), ratioOf(results, 'lines', 'array of lines')];
}

/** Returns the nanoseconds for a document of 20 bytes, up to the hash of the sum, of the engine and of its rival. */
function measureSmall(): [number, number] {
  const document = Buffer.from('{"a":[1,2.5],"b":-3}');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    for (const [times, run] of [
      [ours, () => hash(engine.sum(document))],
      [theirs, () => hash(String(parseAndWalk(document)))],
    ] as const) {
      const started = performance.now();
      for (let i = 0; i < 50_000; i++) run();
      times.push((performance.now() - started) * 20);
    }
  }
  return [median(ours), median(theirs)];
}

function printRatio(name: string, ratios: number[]): void {
  const [mean, worst] = [geometricMean(ratios), Math.min(...ratios)];
  console.log(`${name}: geometric mean ${mean.toFixed(2)}, worst ${worst.toFixed(2)}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const files = positionals.length ? positionals : defaultFiles();
  const contenders = createContenders(engine);
  const rows: object[] = [];
  const ratios: number[] = [];
  const toPlain: number[] = [];
  const toWalk: number[] = [];
  const linesToArrays: [number, number][] = [];
  for (const file of files) {
    const document = readFileSync(file);
    const results = await measure(document, contenders);
    ratios.push(results[0]?.ratio ?? 1);
    toPlain.push(ratioOf(results, 'engine with paths', 'engine'));
    toWalk.push(ratioOf(results, 'engine with paths', 'JSON.parse + walk, by path'));
    const lines = await measureLines(document);
    if (lines) linesToArrays.push(lines);
    for (const { contender, median } of results) {
      rows.push({ file: basename(file), bytes: document.length, contender, gb_per_s: median });
    }
    if (!values.json) printFile(file, document.length, results);
  }
  if (values.json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  console.log();
  printRatio('engine / (JSON.parse + walk)', ratios);
  printRatio('with paths / without', toPlain);
  printRatio('with paths / (JSON.parse + walk, by path)', toWalk);
  printRatio(
    'JSON Lines / the same values in an array',
    linesToArrays.map(([compact]) => compact),
  );
  printRatio(
    'JSON Lines / the same values in an array, one on each line',
    linesToArrays.map(([, spread]) => spread),
  );
  const local = await measureLocal(engine, files);
  printRatio(
    'tally-client/local in Node / engine',
    local.map(({ node }) => node),
  );
  printRatio(
    'tally-client/local in Chromium / engine',
    local.map(({ chromium }) => chromium),
  );
  const [ours, theirs] = measureSmall();
  console.log(
    `20 bytes with the hash: engine ${ours.toFixed(0)} ns, JSON.parse + walk ${theirs.toFixed(0)} ns`,
  );
}

await main();
