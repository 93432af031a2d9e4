import { runCommand } from '../../src/commands/run-command.ts';
import { fuzz } from '../../test/features/sum/engine/fuzzing.ts';

const USAGE = `Usage: scripts/fuzz [--documents N] [--seed N]

Sums random and damaged documents, in random chunks, with the sum engine and its oracles, and fails if they
differ.

  --documents N  number of documents (default: 1000000)
  --seed N       seed of the random documents (default: 1)
  --help         shows this text
`;

await runCommand({
  usage: USAGE,
  options: {
    documents: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
  work: ({ documents, seed }) =>
    run(wholeNumber('--documents', documents), wholeNumber('--seed', seed)),
});

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`${name} needs a whole number`);
}

function run(documents: number, seed: number): void {
  const started = performance.now();
  const report = fuzz(documents, seed, (done) => {
    process.stderr.write(`\r${done} documents`);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `\n${report.documents} documents (${report.accepted} accepted, ${report.refused} refused), seed ${seed}: no difference in ${seconds} s`,
  );
}
