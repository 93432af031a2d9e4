import { parseArgs } from 'node:util';
import { fuzz } from '../../test/features/sum/engine/fuzzing.ts';

/** Random and damaged documents, in random pieces, through the engine and its oracles. */
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const started = performance.now();
const report = fuzz(Number(values.documents), Number(values.seed), (done) => {
  process.stderr.write(`\r${done} documents`);
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `\n${report.documents} documents (${report.accepted} accepted, ${report.refused} refused), seed ${values.seed}: no difference in ${seconds} s`,
);
