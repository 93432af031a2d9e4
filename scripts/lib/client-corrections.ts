/** The first line of each generated file. */
export const SEAL =
  '// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.';

interface Correction {
  /** The generated files that it applies to. */
  files: RegExp;
  pattern: RegExp;
  replacement: string;
  /** Allows files without a match. */
  isOptional?: true;
}

const OPERATIONS = /^operations\//;

/**
 * Makes the generator's text compile as modern modules, and its services plain functions that describe requests: bundlers
 * drop the ones that nobody calls.
 */
const CORRECTIONS: Correction[] = [
  { files: /./, pattern: /^(\/\*.*\*\/\n)+/, replacement: `${SEAL}\n` },
  { files: /^index\.ts$/, pattern: /^export .*\/services\/.*\n/gm, replacement: '' },
  // The texts of errors: the server's own answer says more.
  { files: OPERATIONS, pattern: /^ {6}errors: \{\n.*?^ {6}\},\n/gms, replacement: '' },
  {
    files: OPERATIONS,
    pattern: /^import type .*\/CancelablePromise.*\nimport .*\/OpenAPI.*\nimport .*\/request.*\n/m,
    replacement: "import type { Operation } from '../../operation';\n",
  },
  { files: OPERATIONS, pattern: /^export class \w+ \{\n(.*)^\}\n/ms, replacement: '$1' },
  {
    files: OPERATIONS,
    pattern: /^ {2}public static (\w+)\(/gm,
    replacement: '  export const $1 = (',
  },
  {
    files: OPERATIONS,
    pattern: /\): CancelablePromise<(.*)> \{\n *return __request\(OpenAPI, \{/g,
    replacement: '): Operation<$1> => ({',
  },
  { files: OPERATIONS, pattern: /^ {4}\}\);\n {2}\}$/gm, replacement: '  });' },
  // The default of the transport.
  {
    files: OPERATIONS,
    pattern: /^ *mediaType: 'application\/json',\n/gm,
    replacement: '',
    isOptional: true,
  },
  // The documentation is that of the resources.
  { files: OPERATIONS, pattern: /^ {2}\/\*\*\n(?: {3}\*.*\n)+/gm, replacement: '' },
  { files: OPERATIONS, pattern: /^ {2}/gm, replacement: '' },
  // NodeNext resolves files, not names.
  {
    files: /./,
    pattern: /^((?:import|export) .* from '\..*)';$/gm,
    replacement: "$1.js';",
    isOptional: true,
  },
];

/**
 * Returns the text of a generated file, corrected. A correction without a match means that the generator has changed, and
 * the list is out of date.
 */
export function correct(name: string, given: string): string {
  let text = given;
  for (const { files, pattern, replacement, isOptional } of CORRECTIONS) {
    if (!files.test(name)) continue;
    const corrected = text.replace(pattern, replacement);
    if (corrected === text && !isOptional) throw new Error(`${name} has no match of ${pattern}`);
    text = corrected;
  }
  return text;
}
