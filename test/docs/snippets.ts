import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/process.ts';
import { hasTool } from './tools.ts';

/** A block of code in a Markdown file. */
export interface Snippet {
  /** File and line, for messages. */
  place: string;
  language: string;
  code: string;
  /** The reason of a marker `<!-- not run: reason -->` before the block. */
  notRun: string | undefined;
  /** A program that a marker `<!-- needs: program -->` names. */
  needs: string | undefined;
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

const BLOCK = /(?:^<!-- ([^\n]+) -->\n\n?)?^( *)```([^\n]*)\n(.*?)^\2```$/gms;
const NOT_RUN = /^not run: (.+)$/;
const NEEDS = /^needs: (\S+)$/;
const EXIT_STATUS = /^exit status (\d+)$/;

/** Returns the blocks of code of a file, in their order. */
export function snippetsOf(file: string): Snippet[] {
  return parseSnippets(file, readFileSync(join(root, file), 'utf8'));
}

/** @throws if a block has no end, or none is found where one begins. */
export function parseSnippets(file: string, text: string): Snippet[] {
  const snippets = findSnippets(file, text);
  const fences = text.match(/^ *```/gm)?.length ?? 0;
  if (fences !== 2 * snippets.length) {
    throw new Error(`${file} has ${fences} lines with \`\`\`, and ${snippets.length} blocks`);
  }
  return snippets;
}

function findSnippets(file: string, text: string): Snippet[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const [, marker = '', indent = '', language = '', code = ''] = match;
    return {
      place: `${file}:${text.slice(0, match.index).split('\n').length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notRun: NOT_RUN.exec(marker)?.[1],
      needs: NEEDS.exec(marker)?.[1],
      exitStatus: Number(EXIT_STATUS.exec(marker)?.[1] ?? 0),
    };
  });
}

/** Returns the blocks of one language that are to be run, and whose programs are installed. */
export function snippetsToRun(file: string, language: string): Snippet[] {
  return snippetsOf(file).filter(
    (snippet) =>
      snippet.language === language &&
      snippet.notRun === undefined &&
      (snippet.needs === undefined || hasTool(snippet.needs)),
  );
}
