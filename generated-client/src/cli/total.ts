import { StringDecoder } from 'node:string_decoder';
import { DecimalSum, isDecimal } from './decimal.js';
import { aboutInput, Failure } from './failure.js';
import { openInput } from './input.js';
import { digestOf, readKey } from './key.js';
import { write } from './output.js';

export interface TotalOptions {
  json?: true;
  text?: true;
  keyFile?: string;
}

/** Prints the sum of all lines of the files, each a decimal number, alone or in front of a name. */
export async function totalOfLines(files: string[], options: TotalOptions): Promise<void> {
  const key = await readKey(options.keyFile);
  const total = new DecimalSum();
  for (const name of files) await aboutInput(name, () => addLines(total, name));
  const sum = total.toString();
  await write({ report: 'tally/1', ...digestOf(sum, key), ...(!key && { sum }) }, options);
}

/** @throws {Failure} for a line that is no decimal number */
async function addLines(total: DecimalSum, name: string): Promise<void> {
  const { document } = await openInput(name, undefined);
  let number = 0;
  for await (const line of linesOf(document)) {
    number++;
    const [value = ''] = line.trim().split(/\s/, 1);
    if (value === '') continue;
    if (!isDecimal(value)) {
      const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
      throw new Failure(`line ${number}: ${shown} is no decimal number`);
    }
    total.add(value);
  }
}

/** Splits at line feeds alone: `node:readline` also does at U+2028, which may stand in the name of a file. */
async function* linesOf(document: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of document) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest + decoder.end();
}
