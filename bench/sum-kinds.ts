/**
 * Measures the sum engine on generated documents of many kinds: `scripts/bench sum-kinds`. Says for each kind how fast the
 * engine is, and how fast beside `JSON.parse` and a walk, in the same run.
 */
import { DEFAULT_LIMITS } from '../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../src/features/sum/streams/node-engine.ts';
import { geometricMean, measureInTurn, median, pairedRatio, printTable } from './lib/measure.ts';
import { parseAndWalk, streamed } from './sum-contenders.ts';
import { type GeneratedDocument, generateDocuments } from './sum-documents.ts';

const ROUNDS = 5;
/** Shortest time for which a turn repeats a document. */
const TURN_MS = 25;

const engine = createNodeEngine(DEFAULT_LIMITS);

function parseAndWalkLines(document: Buffer): number {
  let sum = 0;
  for (const line of document.toString().split('\n')) {
    if (line !== '') sum += parseAndWalk(line);
  }
  return sum;
}

/** Returns GB in a second of processor time, of all threads: waiting for a busy machine does not count. */
async function turn(bytes: Buffer, run: (bytes: Buffer) => unknown): Promise<number> {
  globalThis.gc?.();
  const started = process.cpuUsage();
  let elapsed = 0;
  let times = 0;
  while (elapsed < TURN_MS * 1000) {
    run(bytes);
    times++;
    const { user, system } = process.cpuUsage(started);
    elapsed = user + system;
  }
  return (bytes.length * times) / elapsed / 1000;
}

/** Returns GB/s of the engine, and its ratio to `JSON.parse` and a walk. */
async function measure({ bytes, isLines }: GeneratedDocument): Promise<[number, number]> {
  const ours = (document: Buffer) =>
    streamed(engine, document, { format: isLines ? 'lines' : 'json' });
  const theirs = isLines ? parseAndWalkLines : parseAndWalk;
  const [speeds, rival] = await measureInTurn(ROUNDS, [ours, theirs], (run) => turn(bytes, run));
  return [median(speeds!), pairedRatio(speeds!, rival!)];
}

const rows = [['kind', 'MB', 'GB/s', '÷ JSON.parse + walk']];
const ratios: number[] = [];
for (const document of generateDocuments()) {
  const [speed, ratio] = await measure(document);
  const megabytes = (document.bytes.length / 1e6).toFixed(2);
  rows.push([document.name, megabytes, speed.toFixed(2), ratio.toFixed(2)]);
  ratios.push(ratio);
}
printTable(rows);
const worst = ratios.indexOf(Math.min(...ratios));
console.log(
  `\ngeometric mean ${geometricMean(ratios).toFixed(2)}, worst ${ratios[worst]!.toFixed(2)} (${rows[worst + 1]![0]})`,
);
