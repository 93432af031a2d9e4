import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/process.ts';
import { commandForTests, folderWith } from './command.ts';

const { tally, bash } = commandForTests();

interface Line {
  price?: number;
  unit_price?: number;
  qty: number;
}
const exportOf = (lines: Line[], more = {}) => JSON.stringify({ lines, ...more });
const LINES = [
  { price: 19.99, qty: 2 },
  { price: 5, qty: 1 },
];
const A = exportOf(LINES, { tax: 0.37 });
const RENAMED = exportOf(
  LINES.map(({ price, qty }) => ({ unit_price: price, qty })),
  { tax: 0.37 },
);
/** The last line that is printed, which is the conclusion. */
const conclusionOf = (text: string) => text.trimEnd().split('\n').at(-1);

describe('tally diff', () => {
  it('names the field that differs', async () => {
    const b = exportOf([LINES[0]!, { price: 5.37, qty: 1 }], { tax: 0.37 });
    const cwd = await folderWith({ 'a.json': A, 'b.json.gz': gzipSync(b) });
    expect(await tally(['diff', 'a.json', 'b.json.gz'], { cwd })).toEqual({
      code: 1,
      stderr: '',
      stdout: `\
A  a.json     5 numbers  total 28.36
B  b.json.gz  5 numbers  total 28.73

path              count A  count B  sum A  sum B  B - A
$.lines[*].price        2        2  24.99  25.36  +0.37

1 of 3 paths differs; the totals differ by 0.37.
`,
    });
  });

  it('finds files equal whose order and spelling differ', async () => {
    const b = ' {"tax":37e-2,"lines":[{"qty":1,"price":5.0},{"price":19.990,"qty":2}]}';
    const cwd = await folderWith({ 'a.json': A, 'b.json': b });
    expect(await tally(['diff', 'a.json', 'b.json'], { cwd })).toEqual({
      code: 0,
      stderr: '',
      stdout: `\
A  a.json  5 numbers  total 28.36
B  b.json  5 numbers  total 28.36

Equal: the total, and the totals of 3 paths.
`,
    });
  });

  it('finds lines equal to the same values in an array', async () => {
    const cwd = await folderWith({ 'a.json': '[{"a":1},{"a":2}]', 'b.jsonl': '{"a":1}\n{"a":2}' });
    expect(await tally(['diff', 'a.json', 'b.jsonl'], { cwd })).toMatchObject({ code: 0 });
  });

  it('points out totals that moved to another name', async () => {
    const cwd = await folderWith({ 'a.json': A, 'b.json': RENAMED });
    const { code, stdout } = await tally(['diff', 'a.json', 'b.json'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain(`
path                   count A  count B  sum A  sum B   B - A
$.lines[*].price             2        -  24.99      -  -24.99  only in A
$.lines[*].unit_price        -        2      -  24.99  +24.99  only in B

Same total under another name: $.lines[*].price in A and $.lines[*].unit_price in B (count 2, sum 24.99)

2 of 4 paths differ; the totals are equal.
`);
  });

  it('does so for swapped fields, and not for zeros or totals that several fields have', async () => {
    const cwd = await folderWith({
      'a.json': '{"net":1,"gross":2,"x":0,"p":7,"q":7}',
      'b.json': '{"net":2,"gross":1,"y":0,"r":7,"s":7}',
    });
    const { stdout } = await tally(['diff', '--json', 'a.json', 'b.json'], { cwd });
    const { same_totals } = JSON.parse(stdout);
    expect(same_totals.map(({ a, b }: { a: string; b: string }) => [a, b])).toEqual([
      ['$.gross', '$.net'],
      ['$.net', '$.gross'],
    ]);
  });

  it('notes a path whose count alone differs', async () => {
    const cwd = await folderWith({ 'a.json': '{"a":[1,0],"b":2}', 'b.json': '{"a":[1],"b":2}' });
    const { code, stdout } = await tally(['diff', 'a.json', 'b.json'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain(
      '$.a[*]        2        1      1      1      0  only the count differs',
    );
    expect(conclusionOf(stdout)).toBe(
      '1 of 2 paths differs; the totals are equal, and the counts differ.',
    );
  });

  it('sorts by size, paths of one side last, and shows as many as --limit says', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
    const valuesOf = (factor: number) =>
      Object.fromEntries(names.map((name, index) => [name, 0.5 + factor * index]));
    const cwd = await folderWith({
      'a.json': JSON.stringify({ ...valuesOf(1), old: 1e9 }),
      'b.json': JSON.stringify({ ...valuesOf(-1), new: 1e9 }),
    });
    const { stdout } = await tally(['diff', 'a.json', 'b.json'], { cwd });
    const rows = stdout.match(/^\$\..*$/gm)!;
    expect(rows).toHaveLength(50);
    expect(rows[0]).toMatch(/^\$\.f59 .* -118$/);
    expect(rows[49]).toMatch(/^\$\.f10 /);
    expect(stdout).toContain('\n… and 11 more; --limit 61 shows all of them\n');
    expect(conclusionOf(stdout)).toBe('61 of 62 paths differ; the totals differ by 3540.');
    const all = await tally(['diff', '--limit', '61', 'a.json', 'b.json'], { cwd });
    const allRows = all.stdout.match(/^\$\..*$/gm)!;
    expect(allRows.slice(-2).join('\n')).toMatch(/^\$\.old .*only in A\n\$\.new .*only in B$/);
    expect(all.stdout).not.toContain('more;');
  });

  it('prints everything as JSON', async () => {
    const cwd = await folderWith({ 'a.json': '{"a":1,"b":2}', 'b.json': '{"a":1.5,"c":2}' });
    const { code, stdout } = await tally(['diff', '--json', 'a.json', 'b.json'], { cwd });
    const totalOf = (sum: string) => ({ count: 1, sha256: hash('sha256', sum), sum });
    const headOf = (file: string, sum: string) => ({ ...totalOf(sum), file, bytes: 15, count: 2 });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      diff: 'tally/1',
      equal: false,
      a: { ...headOf('a.json', '3'), bytes: 13 },
      b: headOf('b.json', '3.5'),
      difference: '0.5',
      path_count: 3,
      paths: [
        { path: '$.a', a: totalOf('1'), b: totalOf('1.5'), difference: '0.5' },
        { path: '$.b', a: totalOf('2'), b: null, difference: '-2' },
        { path: '$.c', a: null, b: totalOf('2'), difference: '2' },
      ],
      same_totals: [{ a: '$.b', b: '$.c', ...totalOf('2') }],
      notes: [],
    });
  });

  it('shortens sums of many digits in the table, and aligns wide characters', async () => {
    const cwd = await folderWith({
      'a.json': '{"価格":1e60,"b":1}',
      'b.json': '{"価格":2e60,"b":2}',
    });
    const { stdout } = await tally(['diff', 'a.json', 'b.json'], { cwd });
    const [heading, first, second] = stdout.split('\n').slice(3);
    expect(first).toContain('1000000000000000…00000000 (61 characters)');
    expect(second!.length).toBe(heading!.length);
    expect(first!.length).toBe(heading!.length - 2);
    expect(conclusionOf(stdout)).toMatch(
      /differ by 1000000000000000…00000001 \(61 characters\)\.$/,
    );
  });

  it('makes control characters of names visible', async () => {
    const cwd = await folderWith({ 'a.json': '{"\u009b31m\u202e":1}', 'b.json': '{}' });
    const { stdout } = await tally(['diff', 'a.json', 'b.json'], { cwd });
    expect(stdout).toContain('$.\\u{9b}31m\\u{202e} ');
  });

  it.each([
    ['a file that is missing', ['a.json', 'none.json'], 'tally: none.json: no such file'],
    ['a file that is not JSON', ['bad.json', 'a.json'], 'tally: bad.json: byte 1: unexpected'],
    ['a file of several reports', ['many.json', 'a.json'], 'tally: many.json: holds 2 reports;'],
    ['a report that is cut short', ['cut.json', 'a.json'], 'tally: cut.json: line 1: is no report'],
    ['a report of the future', ['next.json', 'a.json'], 'of another version of tally (tally/2)'],
    ['a changed report', ['changed.json', 'a.json'], 'the report has a digest that is not the one'],
    ['a report without digest', ['empty.json', 'a.json'], 'empty.json: the report has no digest'],
  ])('ends with status 2 for %s', async (_, files, message) => {
    const { stdout: report } = await tally(['sum', '--json', '-'], { input: A });
    const cwd = await folderWith({
      'a.json': A,
      'bad.json': '{1}',
      'many.json': report + report,
      'cut.json': report.slice(0, 200),
      'next.json': '{"report":"tally/2"}',
      'empty.json': '{"report":"tally/1"}',
      'changed.json': report.replace('"sum":"28.36"', '"sum":"28.37"'),
    });
    const { code, stdout, stderr } = await tally(['diff', ...files], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

it('names the field of a published data set in which an export of it differs', async () => {
  const movies = join(root, 'node_modules/vega-datasets/data/movies.json');
  const records: Record<string, unknown>[] = JSON.parse(await readFile(movies, 'utf8'));
  // As a system exports it that keeps budgets in single precision.
  const rounded = records.map((record) => {
    const budget = record['Production Budget'];
    return { ...record, 'Production Budget': budget === null ? null : Math.fround(Number(budget)) };
  });
  const lines = rounded.map((record) => `${JSON.stringify(record)}\n`).reverse();
  const cwd = await folderWith({ 'movies.jsonl.gz': gzipSync(lines.join('')) });
  const { code, stdout } = await tally(['diff', movies, 'movies.jsonl.gz'], { cwd });
  expect(code).toBe(1);
  expect(stdout.match(/^\$.*$/gm)).toEqual([
    expect.stringMatching(/^\$\[\*\]\['Production Budget'\] +3200 +3200 +\d+ +\d+ +[-+]\d+$/),
  ]);
});

it('compares documents of many paths at once', async () => {
  const documentOf = (prefix: string) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [prefix + n, n])));
  const cwd = await folderWith({ 'a.json': documentOf('a'), 'b.json': documentOf('b') });
  const before = performance.now();
  const compared = await tally(['diff', '--json', 'a.json', 'b.json'], { cwd });
  expect(JSON.parse(compared.stdout)).toMatchObject({ path_count: 20_000 });
  expect(JSON.parse(compared.stdout).same_totals).toHaveLength(9999);
  expect(performance.now() - before).toBeLessThan(5000);
});

it('does not wait for standard input once it has failed', async () => {
  // The pipe stays open for as long as its writer sleeps.
  const line =
    "exec 3< <(printf '[%99d' 1; exec sleep 8 2>&-); tally diff - none.json <&3; echo $SECONDS";
  const { stdout, stderr } = await bash(line);
  expect(stderr).toBe('tally: none.json: no such file\n');
  expect(Number(stdout)).toBeLessThan(5);
});
