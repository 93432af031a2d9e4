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
  notRun?: string;
  /** Programs that a marker `<!-- needs: program, program -->` names. */
  needs?: string[];
  /** The status of the block's last command, from a marker `<!-- exit status N -->`. */
  exitStatus?: number;
  /** The name of the file that the block is, from a marker `<!-- file: name -->`. */
  file?: string;
  /** The block's command goes on in another terminal: `<!-- keeps running -->`. */
  keepsRunning?: boolean;
}

/** The Markdown files for users, as paths in the checkout. */
export const files = [
  'README.md',
  'generated-client/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

const BLOCK = /((?:^<!-- [^\n]+ -->\n)+\n?)?^( *)```([^\n]*)\n(.*?)^\2```$/gms;

/** What markers say, by their first words. Any other comment is none. */
const MARKERS: [RegExp, (value: string) => Partial<Snippet>][] = [
  [/^not run: (.+)$/, (notRun) => ({ notRun })],
  [/^needs: (.+)$/, (programs) => ({ needs: programs.split(', ') })],
  [/^exit status (\d+)$/, (status) => ({ exitStatus: Number(status) })],
  [/^file: (\S+)$/, (file) => ({ file })],
  [/^(keeps running)$/, () => ({ keepsRunning: true })],
];

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
    const [, comments = '', indent = '', language = '', code = ''] = match;
    return {
      place: `${file}:${text.slice(0, match.index).split('\n').length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      ...readMarkers(comments),
    };
  });
}

function readMarkers(comments: string): Partial<Snippet> {
  const texts = [...comments.matchAll(/^<!-- (.+) -->$/gm)].map(([, text = '']) => text);
  const facts = texts.flatMap((text) =>
    MARKERS.flatMap(([pattern, read]) => {
      const [, value] = pattern.exec(text) ?? [];
      return value === undefined ? [] : [read(value)];
    }),
  );
  return Object.assign({}, ...facts);
}

export function isRunnable({ notRun }: Snippet): boolean {
  return notRun === undefined;
}

/** Returns the programs that blocks call and a machine may lack. */
export function toolsOf(snippets: Snippet[]): string[] {
  const tools = snippets.flatMap(({ needs = [], language, code }) => [
    ...(language === 'sh' && code.includes('curl ') ? ['curl'] : []),
    ...needs,
  ]);
  return [...new Set(tools)].sort();
}

/** Returns true for a block of TypeScript that is a part of its page's module. */
export function isPartOfModule(snippet: Snippet): boolean {
  return snippet.language === 'ts' && snippet.file === undefined && isRunnable(snippet);
}
