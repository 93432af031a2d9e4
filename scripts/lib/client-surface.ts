import { countCodes, describeMethod, type Method, problemsOf } from './client-methods.ts';
import { capitalize, isByHand, kebabCase, resourceOf } from './client-names.ts';
import { routesOf, type Spec } from './client-spec.ts';

const LINE_WIDTH = 110;

/** Returns the text of each resource by the name of its file: a class with a method for each operation. */
export function resourceFiles(spec: Spec): Map<string, string> {
  const routes = routesOf(spec);
  const usage = countCodes(spec, routes);
  const surface = Map.groupBy(
    routes.filter((route) => !isByHand(route)),
    resourceOf,
  );
  return new Map(
    [...surface].map(([resource, routes]) => [
      `${kebabCase(resource)}.ts`,
      spellClass(
        resource,
        routes.map((route) => describeMethod(spec, route, usage)),
      ),
    ]),
  );
}

/** Returns the text of the map from codes to the types of their problems, for those with members of their own. */
export function problemTypes(spec: Spec): string {
  const members = new Map<string, string>();
  const seen = routesOf(spec).flatMap(({ responses }) =>
    Object.values(responses).flatMap((response) => problemsOf(spec, response)),
  );
  for (const { code, model, example } of seen) {
    const { properties = {}, required = [] } = spec.components.schemas[model]!;
    const own = Object.keys(example).filter(
      (name) => name in properties && !required.includes(name),
    );
    if (own.length === 0) continue;
    const names = own.map((name) => `'${name}'`).join(' | ');
    members.set(code, `  ${code}: ${model} & Required<Pick<${model}, ${names}>>;\n`);
  }
  const text = [...members.keys()]
    .sort()
    .map((code) => members.get(code))
    .join('');
  const models = [...new Set(text.match(/\w+(?= & )/g))].sort();
  return `${importsOf(models)}
/**
 * Problems with members of their own, by code.
 */
export interface ProblemTypes {
${text}}`;
}

function spellClass(resource: string, methods: Method[]): string {
  const types = methods.flatMap(({ entry, result, arguments: given }) => [
    entry,
    result,
    ...given.flatMap(({ type }) => type.split(' | ')),
  ]);
  const basic = ['string', 'void', 'Blob', undefined];
  const models = [...new Set(types.filter((type) => !basic.includes(type)))].sort();
  const helpers = methods.flatMap(({ entry, guarded, options }) => [
    entry ? 'type PageCall' : 'type Call',
    `type ${options}`,
    ...(guarded ? ['guard', 'idOf'] : []),
  ]);
  return `${importsOf(models as string[])}import {
${methods.map(({ operation }) => `  ${operation},\n`).join('')}} from '../operations/${kebabCase(resource)}.js';
import { ${[...new Set(['Resource', ...helpers])].join(', ')} } from '../../resource.js';

/** The operations of \`${resource}\`. */
export class ${capitalize(resource)}Resource extends Resource {
${methods.map(spellMethod).join('\n')}}`;
}

function importsOf(models: string[]): string {
  return models.map((name) => `import type { ${name} } from '../models/${name}.js';\n`).join('');
}

function spellMethod(method: Method): string {
  const { guarded, entry, result, options, takesQuery, operation } = method;
  const declared = method.arguments.map(({ name, type }) =>
    name === 'query' ? `query: ${type} = {}` : `${name}: ${type}`,
  );
  const given = method.arguments
    .filter(({ name }) => name !== 'query')
    .map(({ name }) => (name === guarded ? `idOf(${name})` : name));
  const call = [
    `${operation}(${given.join(', ')})`,
    ...(takesQuery ? ['query'] : []),
    guarded ? `guard(${guarded}, options)` : 'options',
  ];
  const type = entry ? `PageCall<${result}, ${entry}>` : `Call<${result}>`;
  return `${spellDocs(method)}
  ${method.name}(${[...declared, `options?: ${options}`].join(', ')}): ${type} {
    return this.${entry ? 'pages' : 'call'}(${call.join(', ')});
  }
`;
}

function spellDocs(method: Method): string {
  const [summary = '', description = ''] = method.docs;
  const codes = method.codes.map((code) => `\`${code}\``).join(', ');
  const lines = [
    ...wrap(/[.?]$/.test(summary) ? summary : `${summary}.`),
    ...(description ? ['', ...wrap(description)] : []),
    '',
    ...method.arguments.flatMap(({ name, docs }) => (docs ? wrap(`@param ${name} ${docs}`) : [])),
    ...wrap(
      `@returns ${method.returns}${method.entry ? ' Iterate over the call for all entries.' : ''}`,
    ),
    ...(codes ? wrap(`@throws {ApiError} ${codes}.`) : []),
  ];
  return ['  /**', ...lines.map((line) => `   * ${line}`.trimEnd()), '   */'].join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll('*/', '*\\/').split(/\s+/)) {
    if (line && line.length + word.length >= LINE_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
