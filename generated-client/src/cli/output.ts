import { digitsOf } from './key.js';
import type { Report } from './report.js';
import { visible } from './text.js';

/** The form of a result on standard output: a digest, unless another is chosen. */
export interface OutputOptions {
  /** The whole report. */
  json?: boolean;
  /** The sum. */
  text?: boolean;
  /** Name of the file, to be printed behind a digest or a sum. */
  name?: string | undefined;
}

/** Prints a line about a result; resolves once more may be printed. */
export async function write(report: Report, { json, text, name }: OutputOptions): Promise<void> {
  if (json) return print(JSON.stringify(report));
  const value = text ? report.sum! : digitsOf(report);
  await print(name === undefined ? value : `${value}  ${visible(name)}`);
}

/** Prints a line, and waits while the reader is slow. Errors end the program, in `index.ts`. */
export function print(line: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${line}\n`, (error) => {
      if (!error) resolve();
    });
  });
}
