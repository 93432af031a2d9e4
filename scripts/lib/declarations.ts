/** A part of a declaration file that has a comment. */
export interface Declared {
  /** The text of the comment, without its tags. */
  summary: string;
  /** The codes of problems that `@throws` names. */
  codes: string[];
  /** The declaration without the comment: `sum(document: SumDocument): Promise<string>`. */
  signature: string;
}

export interface Declaration {
  name: string;
  summary: string;
  members: Declared[];
  /** The names of the alternatives of a union of types. */
  alternatives: string[];
}

const COMMENT = /\/\*\*((?:(?!\*\/).)*)\*\/\s*/.source;
const DECLARATION = new RegExp(
  `(?:${COMMENT})?^export (?:declare )?(?:abstract )?(?:class|interface|type) (\\w+)([^\\n]*?)(?:\\{\\n(.*?)^\\}|;$)`,
  'gms',
);
const MEMBER = new RegExp(`${COMMENT}([^;]+);`, 'gs');

/** Reads the classes, interfaces and types that a declaration file exports, with those of their members that have comments. */
export function readDeclarations(text: string): Declaration[] {
  return [...text.matchAll(DECLARATION)].map(
    ([, comment = '', name = '', head = '', body = '']) => ({
      name,
      summary: summaryOf(comment),
      members: [...body.matchAll(MEMBER)].map(([, note = '', signature = '']) => ({
        summary: summaryOf(note),
        codes: codesOf(note),
        signature: signature.replaceAll(/\s+/g, ' ').replace(/^readonly /, ''),
      })),
      alternatives: head.startsWith(' = ')
        ? [...head.matchAll(/\b[A-Z]\w+/g)].map(([word]) => word)
        : [],
    }),
  );
}

function summaryOf(comment: string): string {
  const [text = ''] = linesOf(comment).join('\n').split(/^@/m);
  return text.trim().replaceAll(/\n\n/g, ' ').replaceAll('\n', ' ');
}

function codesOf(comment: string): string[] {
  const [, thrown = ''] =
    /^@throws \{ApiError\} (.*?)(?=^@|$(?![\s\S]))/ms.exec(linesOf(comment).join('\n')) ?? [];
  return [...thrown.matchAll(/`(\w+)`/g)].map(([, code = '']) => code);
}

const linesOf = (comment: string) =>
  comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
