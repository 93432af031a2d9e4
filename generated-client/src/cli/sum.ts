import type { Format } from '../local.js';
import { aboutInput, EXIT_FAILURE, printFailure } from './failure.js';
import { openInput } from './input.js';
import { readKey } from './key.js';
import { type Detail, measureHere, type Request, reportOf } from './measure.js';
import { write } from './output.js';
import { connectTo } from './server.js';

/** Options of `tally sum`, as the parser of arguments names them. */
export interface SumOptions {
  json?: true;
  text?: true;
  paths: boolean;
  sums?: boolean;
  collapse: string[];
  keyFile?: string;
  format: Format | 'auto';
  maxPaths?: number;
  server?: string;
}

/** Prints a line for each file. A file that has no sum is reported, and the others follow. */
export async function sumFiles(files: string[], options: SumOptions): Promise<void> {
  const key = await readKey(options.keyFile);
  const measure = options.server === undefined ? measureHere : await connectTo(options.server);
  const request: Request = {
    include: detailsOf(options),
    collapse: options.collapse,
    key,
    format: options.format === 'auto' ? undefined : options.format,
    maxPaths: options.maxPaths,
  };
  for (const name of files) {
    const report = await aboutInput(name, async () =>
      reportOf(name, await openInput(name, request.format), request, measure),
    ).catch(printFailure);
    if (report) await write(report, { ...options, name: files.length > 1 ? name : undefined });
    else process.exitCode = EXIT_FAILURE;
  }
}

/** A key hides the sums, so a report with a key has none of them unless they are asked for. */
function detailsOf({ json, text, paths, sums, keyFile }: SumOptions): Detail[] {
  if (text) return ['sum'];
  if (!json) return [];
  const hasSums = sums ?? keyFile === undefined;
  return [...(hasSums ? (['sum'] as const) : []), 'count', ...(paths ? (['paths'] as const) : [])];
}
