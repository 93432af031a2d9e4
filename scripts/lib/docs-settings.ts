import type { TProperties, TSchema } from '@sinclair/typebox';
import { DIVIDED_MEANING, describeDefault, settingGroups } from '../../src/config.ts';
import { table } from './docs-table.ts';

/** Sizes in bytes that have a shorter name, largest first. */
const SIZES = [
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
] as const;

/** Returns a heading and a table for each group of settings. */
export function settingTables(): string {
  const sections = Object.entries<TProperties>(settingGroups).map(([title, variables]) => {
    const rows = Object.entries(variables).map(([name, schema]) => settingRow(name, schema));
    return `## ${title}\n\n${table(['variable', 'default', 'unit', 'meaning'], rows)}`;
  });
  return [`\\* ${withCodes(DIVIDED_MEANING)}`, ...sections].join('\n\n');
}

function settingRow(name: string, schema: TSchema): string[] {
  const choices = schema.enum ? `: ${schema.enum.map(code).join(', ')}` : '';
  return [
    code(name),
    defaultOf(schema),
    schema.unit ?? '',
    `${withCodes(schema.description ?? '')}${choices}${schema.divided ? ' \\*' : ''}`,
  ];
}

function defaultOf(schema: TSchema): string {
  const text = describeDefault(schema);
  if (text === '') return 'none';
  if (schema.computed) return text.includes(' ') ? withCodes(text) : code(text);
  const [size, unit] = SIZES.find(([bytes]) => schema.default % bytes === 0) ?? [];
  const isSize = schema.unit === 'bytes' && size !== undefined;
  return isSize ? `${code(text)} (${schema.default / size} ${unit})` : code(text);
}

const code = (text: string) => `\`${text}\``;

/** Marks names of settings, paths and commands as code. */
function withCodes(text: string): string {
  return text.replaceAll(
    /[A-Z]+(?:_[A-Z]+)+|(?<=\s)\/\w+|scripts\/[\w-]+(?: --\w+)?|(?:sqlite|postgres|mysql|file|s3):\S*[^\s,]|X-[\w-]+\*/g,
    code,
  );
}
