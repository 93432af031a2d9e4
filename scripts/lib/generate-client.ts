import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'openapi-typescript-codegen';
import { runCommand } from '../../src/commands/run-command.ts';

const USAGE = `Usage: scripts/generate-client [--help]

Writes generated-client/src/generated anew from openapi.json.
`;

const SEAL =
  '// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.';

const SPEC = new URL('../../openapi.json', import.meta.url);
const TARGET = fileURLToPath(new URL('../../generated-client/src/generated', import.meta.url));

/**
 * Never used: the generator's own transport keeps passwords in errors, drops response headers and
 * turns bytes into text. `src/transport.ts` of the client stands in its place.
 */
const LEFT_OUT = [
  'core/ApiError.ts',
  'core/ApiResult.ts',
  'core/FetchHttpRequest.ts',
  'core/request.ts',
];

interface Mend {
  /** The generated files that have the fault. */
  files: RegExp;
  fault: RegExp;
  cure: string;
}

/** What keeps the generator's text from compiling as a modern module, and what is written instead. */
const MENDS: Mend[] = [
  { files: /./, fault: /^(\/\*.*\*\/\n)+/, cure: `${SEAL}\n` },
  // A parameter property is not erasable syntax.
  {
    files: /^(services\/.*|core\/BaseHttpRequest)\.ts$/,
    fault: /( *)constructor\(public readonly (\w+): (\w+)\) \{\}/,
    cure: '$1public readonly $2: $3;\n\n$1constructor($2: $3) {\n$1  this.$2 = $2;\n$1}',
  },
  // What is left out is named nowhere and the default of nothing.
  { files: /^index\.ts$/, fault: /^export .*\/ApiError.*\n/m, cure: '' },
  { files: /^TallyClient\.ts$/, fault: /^import .*\/FetchHttpRequest.*\n/m, cure: '' },
  {
    files: /^TallyClient\.ts$/,
    fault: /config\?: (Partial<OpenAPIConfig>), (HttpRequest: HttpRequestConstructor) = \w+/,
    cure: 'config: $1, $2',
  },
  { files: /^TallyClient\.ts$/, fault: /config\?\./g, cure: 'config.' },
];

/** Writes the generated part of the TypeScript client. The same document gives the same files. */
async function generateClient(): Promise<void> {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  const spec = JSON.parse(readFileSync(SPEC, 'utf8'));
  await generate({
    input: structuredClone(spec),
    output: TARGET,
    clientName: 'TallyClient',
    httpClient: 'fetch',
    useOptions: true,
    useUnionTypes: true,
    indent: '2',
  });
  for (const name of LEFT_OUT) rmSync(join(TARGET, name));
  for (const name of readdirSync(TARGET, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) mendFile(name);
  }
  writeOwnFiles(spec);
}

/** A mend that finds no fault means that the generator has changed: then this list is wrong. */
function mendFile(name: string): void {
  const path = join(TARGET, name);
  let text = readFileSync(path, 'utf8');
  for (const { files, fault, cure } of MENDS) {
    if (!files.test(name.replaceAll('\\', '/'))) continue;
    const mended = text.replace(fault, cure);
    if (mended === text) throw new Error(`${name} has nothing that matches ${fault}`);
    text = mended;
  }
  // NodeNext resolves files, not names.
  text = text.replace(/^((?:import|export) .* from '\..*)';$/gm, "$1.js';");
  writeFileSync(path, `${text.trimEnd()}\n`);
}

interface Operation {
  security?: unknown[];
  parameters?: { in: string; name: string }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: { Problem: { properties: { code: { 'x-extensible-enum': string[] } } } };
  };
}

/** What the generator leaves out of the document. */
function writeOwnFiles({ paths, components }: Spec): void {
  const codes = components.schemas.Problem.properties.code['x-extensible-enum'];
  writeOwnFile(
    'models/ProblemCode.ts',
    `/**
 * What can go wrong, for a program. A server that is newer may know more.
 */
export type ProblemCode =${codes.map((code) => `\n  | '${code}'`).join('')};`,
  );
  appendFileSync(
    join(TARGET, 'index.ts'),
    "\nexport type { ProblemCode } from './models/ProblemCode.js';\n",
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      isOpen: operation.security?.length === 0,
      isEmpty: '204' in operation.responses,
      isKeyed: (operation.parameters ?? []).some(
        (parameter) => parameter.in === 'header' && /^idempotency-key$/i.test(parameter.name),
      ),
      fileTypes: Object.keys(operation.responses['200']?.content ?? {}).filter(
        (type) => !type.endsWith('json'),
      ),
    })),
  );
  const writeSet = (file: string, constant: string, summary: string, members: typeof operations) =>
    writeOwnFile(
      `${file}.ts`,
      `/**
 * ${summary}
 */
export const ${constant}: ReadonlySet<string> = /* @__PURE__ */ new Set(${literal(members.map(({ name }) => name))});`,
    );
  writeSet(
    'openOperations',
    'OPEN_OPERATIONS',
    'Operations that ask for no token.',
    operations.filter(({ isOpen }) => isOpen),
  );
  writeSet(
    'emptyOperations',
    'EMPTY_OPERATIONS',
    'Operations that answer with nothing.',
    operations.filter(({ isEmpty }) => isEmpty),
  );
  writeSet(
    'keyedOperations',
    'KEYED_OPERATIONS',
    'Operations that the server does once for each Idempotency-Key.',
    operations.filter(({ isKeyed }) => isKeyed),
  );
  const files = operations
    .filter(({ fileTypes }) => fileTypes.length > 0)
    .map(({ name, fileTypes }) => [name, fileTypes]);
  writeOwnFile(
    'fileOperations.ts',
    `/**
 * Operations that answer with a file, and its media types.
 */
export const FILE_OPERATIONS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map(${literal(files)});`,
  );
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function writeOwnFile(name: string, text: string): void {
  writeFileSync(join(TARGET, name), `${SEAL}\n${text}\n`);
}

await runCommand({ usage: USAGE, options: {}, work: generateClient });
