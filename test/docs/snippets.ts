import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/process.ts';

/** A block of code in a Markdown file. */
export interface Snippet {
  /** File and line, for messages. */
  place: string;
  language: string;
  code: string;
  /** The reason of a marker `<!-- not run: reason -->` before the block. */
  notRun: string | undefined;
  /** The status of the block's last command, from a marker `<!-- exit status N -->`; 0 without one. */
  exitStatus: number;
}

/** The Markdown files for users, as paths in the checkout. */
export const files = [
  'README.md',
  'generated-client/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const BLOCK = /(?:^<!-- (.+) -->\n\n?)?^( *)```([^\n]*)\n(.*?)^\2```$/gms;
const NOT_RUN = /^not run: (.+)$/;
const EXIT_STATUS = /^exit status (\d+)$/;

/** Returns the blocks of code of a file, in their order. */
export function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(BLOCK)].map((match) => {
    const [, marker = '', indent = '', language = '', code = ''] = match;
    return {
      place: `${file}:${text.slice(0, match.index).split('\n').length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notRun: NOT_RUN.exec(marker)?.[1],
      exitStatus: Number(EXIT_STATUS.exec(marker)?.[1] ?? 0),
    };
  });
}

/** Returns the blocks of one language that are to be run. */
export function snippetsToRun(file: string, language: string): Snippet[] {
  return snippetsOf(file).filter(
    (snippet) => snippet.language === language && snippet.notRun === undefined,
  );
}
