import { readdirSync, readFileSync } from 'node:fs';
import '../../src/app.ts';
import { problemTypes } from '../../src/http/problem.ts';
import { type Declaration, type Declared, readDeclarations } from './declarations.ts';
import { table } from './docs-table.ts';

const DIST = new URL('../../generated-client/dist/', import.meta.url);

/** The options that calls take, in the order of the page. */
const OPTIONS = [
  'TallyOptions',
  'CallOptions',
  'IdempotentOptions',
  'ConditionalOptions',
  'ImageUploadOptions',
  'SumDetailsOptions',
];

/** A code of more than this part of all methods is not listed with each of them. */
const COMMON = 1 / 4;

/** Returns the methods, the options and the types of the client, from its declaration files. */
export function clientReference(): string {
  const files = ['tally', 'tally-core', 'images', 'options', 'resource', 'sum'].map(read);
  const declarations = [...folder('generated/resources'), ...files.flat()];
  const find = (name: string) => declarations.filter((declaration) => declaration.name === name);
  const members = find('Tally')[0]!.members;
  const resources = members.filter(isResource).map(({ signature, summary }) => {
    const [name = '', type = ''] = signature.split(': ');
    return { name, summary, methods: find(type).flatMap(({ members }) => members) };
  });
  const own = ownCodes(resources.flatMap(({ methods }) => methods));
  const isPublic = ({ signature }: Declared) => !/^(?:protected |constructor|send)/.test(signature);
  const core = [
    ...find('TallyCore')[0]!.members.filter(isPublic),
    ...members.filter((member) => isPublic(member) && !isResource(member)),
  ];
  const options = OPTIONS.flatMap(find);
  const models = new Map(folder('generated/models').map((model) => [model.name, model]));
  const methods = [...core, ...resources.flatMap((resource) => resource.methods)];
  return [
    `## \`tally\`\n\n${methodTable(core, own)}`,
    ...resources.map(
      ({ name, summary, methods }) =>
        `## \`tally.${name}\`\n\n${summary}\n\n${methodTable(methods, own)}`,
    ),
    `## Options\n\n${options.map((option) => typeSection(option, models)).join('\n\n')}`,
    `## Types\n\n${usedBy(methods, models)
      .map((model) => typeSection(model, models))
      .join('\n\n')}`,
  ].join('\n\n');
}

const isResource = ({ signature }: Declared) => /^\w+: \w+Resource$/.test(signature);

const read = (name: string) =>
  readDeclarations(readFileSync(new URL(`${name}.d.ts`, DIST), 'utf8'));

function folder(path: string): Declaration[] {
  const names = readdirSync(new URL(path, DIST)).filter((name) => name.endsWith('.d.ts'));
  return names.sort().flatMap((name) => read(`${path}/${name.replace('.d.ts', '')}`));
}

/** Returns a function that lists the codes of a method that few others have. */
function ownCodes(methods: Declared[]): (method: Declared) => string[] {
  const counts = new Map<string, number>();
  for (const code of methods.flatMap(({ codes }) => codes)) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const isOwn = (code: string) =>
    problemTypes.has(code) && (counts.get(code) ?? 0) <= methods.length * COMMON;
  return ({ codes }) => codes.filter(isOwn);
}

function methodTable(methods: Declared[], own: (method: Declared) => string[]): string {
  const rows = methods.map((method) => [
    code(method.signature),
    method.summary,
    own(method).map(code).join(', '),
  ]);
  return table(['method', 'does', 'codes'], rows);
}

function typeSection(declaration: Declaration, models: Map<string, Declaration>): string {
  const { name, summary, members } = declaration;
  const alternatives = declaration.alternatives.filter((other) => models.has(other)).map(code);
  const rows = members.map((member) => [code(member.signature), member.summary]);
  return [
    `### ${name}`,
    summary,
    ...(alternatives.length > 0 ? [`One of ${alternatives.join(', ')}.`] : []),
    ...(rows.length > 0 ? [table(['member', 'meaning'], rows)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Returns the models that methods take or return, and those within them, by name. */
function usedBy(methods: Declared[], models: Map<string, Declaration>): Declaration[] {
  const used = new Set<Declaration>();
  const visit = (text: string) => {
    for (const [word] of text.matchAll(/\b[A-Z]\w+/g)) {
      const model = models.get(word);
      if (!model || used.has(model)) continue;
      used.add(model);
      for (const { signature } of model.members) visit(signature);
      for (const alternative of model.alternatives) visit(alternative);
    }
  };
  for (const { signature } of methods) visit(signature);
  return [...used].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const code = (text: string) => `\`${text}\``;
