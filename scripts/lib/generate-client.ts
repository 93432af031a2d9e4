import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'openapi-typescript-codegen';
import { runCommand } from '../../src/commands/run-command.ts';
import { correct, SEAL } from './client-corrections.ts';
import { writeEngine } from './client-engine.ts';
import { hasHeader } from './client-methods.ts';
import { capitalize, kebabCase, resourceOf } from './client-names.ts';
import {
  adaptToGenerator,
  answersNothing,
  type Route,
  resolve,
  routesOf,
  type Spec,
} from './client-spec.ts';
import { problemTypes, resourceFiles } from './client-surface.ts';

const USAGE = `Usage: scripts/generate-client [--help]

Writes generated-client/src/generated anew from openapi.json and from the engine of sums, and builds
generated-client/dist.
`;

const SPEC = new URL('../../openapi.json', import.meta.url);
const CLIENT = fileURLToPath(new URL('../../generated-client', import.meta.url));
const TARGET = join(CLIENT, 'src/generated');

/** Writes the generated part of the TypeScript client, and builds the client. The same sources give the same files. */
async function generateClient(): Promise<void> {
  rmSync(TARGET, { recursive: true, force: true });
  const spec: Spec = JSON.parse(readFileSync(SPEC, 'utf8'));
  await generate({
    input: adaptToGenerator(spec),
    output: TARGET,
    httpClient: 'fetch',
    // The client has `src/transport.ts` instead: the generator's own keeps passwords in errors, drops response headers
    // and turns bytes into text.
    exportCore: false,
    useUnionTypes: true,
    indent: '2',
  });
  renameServices(spec);
  for (const name of readdirSync(TARGET, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) correctFile(name.replaceAll('\\', '/'));
  }
  addFacts(spec);
  writeProblemCodes(spec);
  mkdirSync(join(TARGET, 'resources'));
  for (const [name, text] of resourceFiles(spec)) writeFile(`resources/${name}`, text);
  writeFile('models/ProblemTypes.ts', problemTypes(spec).replaceAll('../models/', './'));
  writeEngine(join(TARGET, 'engine'));
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: CLIENT, stdio: 'inherit' });
}

/** Moves the services to `operations/`. */
function renameServices(spec: Spec): void {
  mkdirSync(join(TARGET, 'operations'));
  for (const resource of new Set(routesOf(spec).map(resourceOf))) {
    const service = join(TARGET, `services/${capitalize(resource)}Service.ts`);
    renameSync(service, join(TARGET, `operations/${kebabCase(resource)}.ts`));
  }
  rmdirSync(join(TARGET, 'services'));
}

function correctFile(name: string): void {
  const path = join(TARGET, name);
  writeFileSync(path, `${correct(name, readFileSync(path, 'utf8')).trimEnd()}\n`);
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
    `
export type { ProblemCode } from './models/ProblemCode.js';
export type { ProblemTypes } from './models/ProblemTypes.js';
`,
  );
}

/** Adds what the transport has to know about operations. */
function addFacts(spec: Spec): void {
  for (const route of routesOf(spec)) {
    const path = join(TARGET, `operations/${kebabCase(resourceOf(route))}.ts`);
    const text = readFileSync(path, 'utf8');
    const place = `    method: '${route.method}',\n    url: '${route.path}',\n`;
    if (!text.includes(place)) throw new Error(`${path} lacks ${route.operationId}`);
    const facts = Object.entries(factsOf(spec, route)).map(
      ([name, value]) => `    ${name}: ${value},\n`,
    );
    writeFileSync(path, text.replace(place, place + facts.join('')));
  }
}

function factsOf(spec: Spec, route: Route): Record<string, string> {
  const { responses, security } = route;
  const types = Object.keys(resolve(spec, responses['200'] ?? { description: '' }).content ?? {});
  const fileTypes = types.filter((type) => !type.endsWith('json'));
  return {
    ...(security?.length === 0 && { isOpen: 'true' }),
    ...(hasHeader(route, 'idempotency-key') && { isKeyed: 'true' }),
    ...(answersNothing(route) && { isEmpty: 'true' }),
    ...(fileTypes.length > 0 && { fileTypes: `['${fileTypes.join("', '")}']` }),
  };
}

function writeFile(name: string, text: string): void {
  writeFileSync(join(TARGET, name), `${SEAL}\n${text.trimEnd()}\n`);
}

await runCommand({ usage: USAGE, options: {}, work: generateClient });
