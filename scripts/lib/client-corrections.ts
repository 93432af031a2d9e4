import { type Spec, UNDERSCORE } from './client-spec.ts';

/** The first line of each generated file. */
export const SEAL =
  '// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.';

export interface Correction {
  /** The generated files that it applies to. */
  files: RegExp;
  pattern: RegExp;
  replacement: string;
  /** Allows files without a match. */
  isOptional?: true;
}

const SERVICES = /^services\//;

/** Makes the generator's text compile as modern modules, and leaves out what the client does not use. */
const CORRECTIONS: Correction[] = [
  { files: /./, pattern: /^(\/\*.*\*\/\n)+/, replacement: `${SEAL}\n` },
  // A parameter property is not erasable syntax.
  {
    files: /^(services\/.*|core\/BaseHttpRequest)\.ts$/,
    pattern: /( *)constructor\(public readonly (\w+): (\w+)\) \{\}/,
    replacement: '$1public readonly $2: $3;\n\n$1constructor($2: $3) {\n$1  this.$2 = $2;\n$1}',
  },
  { files: /^index\.ts$/, pattern: /^export .*\/ApiError.*\n/m, replacement: '' },
  { files: /^TallyClient\.ts$/, pattern: /^import .*\/FetchHttpRequest.*\n/m, replacement: '' },
  {
    files: /^TallyClient\.ts$/,
    pattern: /config\?: (Partial<OpenAPIConfig>), (HttpRequest: HttpRequestConstructor) = \w+/,
    replacement: 'config: $1, $2',
  },
  { files: /^TallyClient\.ts$/, pattern: /config\?\./g, replacement: 'config.' },
  // The texts of errors: the server's own answer says more.
  { files: SERVICES, pattern: /^ {6}errors: \{\n.*?^ {6}\},\n/gms, replacement: '' },
  // A call without required parameters needs no argument.
  {
    files: SERVICES,
    pattern: /^ {2}\}: \{\n((?: {4}\w+\?: .*\n| {4} ?[/*].*\n)+) {2}\}\)/gm,
    replacement: '  }: {\n$1  } = {})',
    isOptional: true,
  },
  { files: SERVICES, pattern: new RegExp(UNDERSCORE, 'g'), replacement: '_', isOptional: true },
  // NodeNext resolves files, not names.
  {
    files: /./,
    pattern: /^((?:import|export) .* from '\..*)';$/gm,
    replacement: "$1.js';",
    isOptional: true,
  },
];

/** Makes the operations that answer with a page return a promise that can be iterated over. */
function correctionsOfPages({ components }: Spec): Correction[] {
  const pages = Object.entries(components.schemas)
    .filter(([, { properties }]) => properties?.results && properties.next)
    .map(([name]) => name);
  return [
    {
      files: SERVICES,
      pattern: new RegExp(
        `CancelablePromise<(${pages.join('|')})> \\{\\n( *)return this\\.httpRequest\\.request\\(`,
        'g',
      ),
      replacement: 'PagePromise<$1> {\n$2return requestPages(this.httpRequest, ',
      isOptional: true,
    },
    {
      files: SERVICES,
      pattern: /^(import .*\n)(?=export class .*?PagePromise<)/ms,
      replacement: "$1import { type PagePromise, requestPages } from '../../pages.js';\n",
      isOptional: true,
    },
  ];
}

/** Lists the corrections of what the generator makes of a document. */
export function correctionsFor(spec: Spec): Correction[] {
  return [...CORRECTIONS, ...correctionsOfPages(spec)];
}
