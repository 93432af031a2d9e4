import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'openapi-typescript-codegen';
import { runCommand } from '../../src/commands/run-command.ts';
import { type Correction, correctionsFor, SEAL } from './client-corrections.ts';
import { writeEngine } from './client-engine.ts';
import {
  adaptToGenerator,
  type Operation,
  type Parameter,
  resolve,
  type Spec,
} from './client-spec.ts';

const USAGE = `Usage: scripts/generate-client [--help]

Writes generated-client/src/generated anew from openapi.json, and from the engine of sums.
`;

const SPEC = new URL('../../openapi.json', import.meta.url);
const TARGET = fileURLToPath(new URL('../../generated-client/src/generated', import.meta.url));

/**
 * The generator's own transport, which keeps passwords in errors, drops response headers and turns bytes into
 * text. The client has `src/transport.ts` instead.
 */
const UNUSED = [
  'core/ApiError.ts',
  'core/ApiResult.ts',
  'core/FetchHttpRequest.ts',
  'core/request.ts',
];

/** Writes the generated part of the TypeScript client. The same sources give the same files. */
async function generateClient(): Promise<void> {
  rmSync(TARGET, { recursive: true, force: true });
  const spec: Spec = JSON.parse(readFileSync(SPEC, 'utf8'));
  await generate({
    input: adaptToGenerator(spec),
    output: TARGET,
    clientName: 'TallyClient',
    httpClient: 'fetch',
    useOptions: true,
    useUnionTypes: true,
    indent: '2',
  });
  for (const name of UNUSED) rmSync(join(TARGET, name));
  const corrections = correctionsFor(spec);
  for (const name of readdirSync(TARGET, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) correctFile(name.replaceAll('\\', '/'), corrections);
  }
  writeProblemCodes(spec);
  writeOperations(spec);
  writeEngine(join(TARGET, 'engine'));
}

/** A correction without a match means that the generator has changed, and the list is out of date. */
function correctFile(name: string, corrections: Correction[]): void {
  const path = join(TARGET, name);
  let text = readFileSync(path, 'utf8');
  for (const { files, pattern, replacement, isOptional } of corrections) {
    if (!files.test(name)) continue;
    const corrected = text.replace(pattern, replacement);
    if (corrected === text && !isOptional) throw new Error(`${name} has no match of ${pattern}`);
    text = corrected;
  }
  writeFileSync(path, `${text.trimEnd()}\n`);
}

/** Writes the codes of problems, which an extensible enum lists where the generator does not look. */
function writeProblemCodes({ components }: Spec): void {
  const codes = components.schemas.Problem!.properties!.code!['x-extensible-enum']!;
  writeFile(
    'models/ProblemCode.ts',
    `/**
 * The codes of problems. A newer server may have more.
 */
export type ProblemCode =${codes.map((code) => `\n  | '${code}'`).join('')};`,
  );
  appendFileSync(
    join(TARGET, 'index.ts'),
    "\nexport type { ProblemCode } from './models/ProblemCode.js';\n",
  );
}

/** Writes what the transport has to know about operations. */
function writeOperations(spec: Spec): void {
  const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${path}`,
      fileTypes: Object.keys(resolve(spec, operation.responses['200'] ?? {}).content ?? {}).filter(
        (type) => !type.endsWith('json'),
      ),
    })),
  );
  const isKeyed = ({ parameters = [] }: Operation) =>
    parameters.some((given) => /^idempotency-key$/i.test(resolve(spec, given as Parameter).name));
  const setOf = (summary: string, constant: string, test: (operation: Operation) => boolean) => {
    const names = operations.filter(test).map(({ name }) => name);
    return `/**
 * ${summary}
 */
export const ${constant}: ReadonlySet<string> = /* @__PURE__ */ new Set(${literal(names)});
`;
  };
  const files = operations
    .filter(({ fileTypes }) => fileTypes.length > 0)
    .map(({ name, fileTypes }) => [name, fileTypes]);
  writeFile(
    'operations.ts',
    `${setOf('Operations that need no token.', 'OPEN_OPERATIONS', ({ security }) => security?.length === 0)}
${setOf('Operations that answer without content.', 'EMPTY_OPERATIONS', ({ responses }) => '204' in responses)}
${setOf('Operations that take effect once for each Idempotency-Key.', 'KEYED_OPERATIONS', isKeyed)}
/**
 * Operations that answer with a file, and its media types.
 */
export const FILE_OPERATIONS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map(${literal(files)});`,
  );
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function writeFile(name: string, text: string): void {
  writeFileSync(join(TARGET, name), `${SEAL}\n${text}\n`);
}

await runCommand({ usage: USAGE, options: {}, work: generateClient });
