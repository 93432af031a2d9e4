import { createHmac, hash } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
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

describe('reports', () => {
  /** Writes reports of documents, made with the arguments that are given. */
  async function reports(entries: Record<string, [document: string, ...args: string[]]>) {
    const files: Record<string, string> = { key: Buffer.alloc(32, 7).toString('base64url') };
    const keys = await folderWith(files);
    await chmod(join(keys, 'key'), 0o600);
    for (const [name, [document, ...args]] of Object.entries(entries)) {
      const options = { input: document, cwd: keys };
      files[name] = (await tally(['sum', '--json', ...args, '-'], options)).stdout;
    }
    const cwd = await folderWith(files);
    await chmod(join(cwd, 'key'), 0o600);
    return cwd;
  }

  it('are compared with one another and with documents, also from standard input', async () => {
    const cwd = await reports({ a: [A], b: [RENAMED] });
    const expected = await tally(['diff', 'a', 'b'], { cwd });
    expect(expected.code).toBe(1);
    expect(expected.stdout).toContain('Same total under another name');
    const mixed = await tally(['diff', 'a', '-'], { cwd, input: RENAMED });
    expect(mixed.stdout).toBe(expected.stdout.replace('B  b', 'B  -'));
    expect(await tally(['diff', 'a', '-'], { cwd, input: A })).toMatchObject({ code: 0 });
    // As another program lays it out.
    const pretty = await bash(
      `node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync("a")), null, 2)' | tally diff - b`,
      { cwd },
    );
    expect(pretty.stdout).toBe(expected.stdout.replace('A  a', 'A  -'));
  });

  it('without sums are compared by their digests', async () => {
    const changed = A.replace('0.37', '0.38');
    const cwd = await reports({ a: [A, '--no-sums'], b: [changed, '--no-sums'], c: [RENAMED] });
    const digests = [A, changed].map((text) => (text === A ? '28.36' : '28.37'));
    const [a, b] = digests.map((sum) => hash('sha256', sum).slice(0, 16));
    expect((await tally(['diff', 'a', 'b'], { cwd })).stdout).toBe(`\
A  a  5 numbers  digest ${a}…
B  b  5 numbers  digest ${b}…

path   count A  count B
$.tax        1        1

1 of 3 paths differs; the totals differ.
`);
    const mixed = await tally(['diff', 'a', 'c'], { cwd });
    expect(mixed.stdout).toContain(`
path                   count A  count B  sum A  sum B   B - A
$.lines[*].price             2        -      ?      -       ?  only in A
$.lines[*].unit_price        -        2      -  24.99  +24.99  only in B
`);
    expect(mixed.stdout).toContain('$.lines[*].price in A and $.lines[*].unit_price in B');
  });

  it('with keyed digests are compared with those of the same key, or with sums and the key', async () => {
    const keyed = ['--key-file', 'key'];
    const cwd = await reports({
      a: [A, ...keyed],
      b: [A],
      c: [RENAMED, ...keyed],
      d: [A, '--no-sums'],
    });
    expect(await tally(['diff', 'a', 'c'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('$.lines[*].price in A and $.lines[*].unit_price in B'),
    });
    const message = 'tally: A has keyed digests; give their key with --key-file\n';
    expect(await tally(['diff', 'a', 'b'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: message,
    });
    expect(await tally(['diff', ...keyed, 'a', 'b'], { cwd })).toMatchObject({ code: 0 });
    expect(await tally(['diff', ...keyed, 'b', 'c'], { cwd })).toMatchObject({ code: 1 });
    expect(await tally(['diff', ...keyed, 'a', '-'], { cwd, input: A })).toMatchObject({ code: 0 });
    const digests = await tally(['diff', ...keyed, 'd', 'a'], { cwd });
    expect(digests.stderr).toContain('only B has keyed digests');
  });

  it('with keyed digests of other keys get a hint', async () => {
    const entry = (key: string) => {
      const digest = (sum: string) => ({
        hmac_sha256: createHmac('sha256', key).update(sum).digest('hex'),
      });
      const paths = ['$.a', '$.b'].map((path) => ({ path, count: 1, ...digest('1') }));
      return JSON.stringify({ report: 'tally/1', ...digest('2'), count: 2, paths });
    };
    const cwd = await folderWith({ a: entry('one'), b: entry('two') });
    const { code, stdout } = await tally(['diff', 'a', 'b'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('Keyed digests can only be compared if their key is the same.');
  });

  it('without paths are compared by their totals', async () => {
    const cwd = await reports({ a: [A, '--no-paths'], b: [RENAMED] });
    const equal = await tally(['diff', 'a', 'b'], { cwd });
    expect(equal.code).toBe(0);
    expect(equal.stdout).toContain('There are no paths in A: only the totals are compared.');
    expect(conclusionOf(equal.stdout)).toBe('The totals are equal.');
    const zero = await tally(['diff', 'a', '-'], { cwd, input: A.replace('[', '[0,') });
    expect(zero.code).toBe(1);
    expect(conclusionOf(zero.stdout)).toBe('The totals are equal, and the counts differ.');
    const other = await tally(['diff', 'a', '-'], { cwd, input: '[28,1]' });
    expect(other.code).toBe(1);
    expect(conclusionOf(other.stdout)).toBe('The totals differ by 0.64.');
  });

  it('say what is collapsed, for documents too', async () => {
    const map = '{"users":{"u1":1,"u2":2},"x":3}';
    const other = '{"users":{"u3":1,"u4":2},"x":3}';
    const collapse = ['--collapse', '$["users"]'];
    const cwd = await reports({
      a: [map, ...collapse],
      b: [other],
      c: [other, '--collapse', '$.users'],
    });
    expect(await tally(['diff', 'a', 'c'], { cwd })).toMatchObject({ code: 0 });
    expect(await tally(['diff', 'a', '-'], { cwd, input: other })).toMatchObject({ code: 0 });
    const partly = await tally(['diff', 'a', 'b'], { cwd });
    expect(partly.code).toBe(0);
    expect(partly.stdout).toContain(
      'Only A collapses $["users"]: the paths below are not compared.',
    );
    expect(conclusionOf(partly.stdout)).toBe('Equal: the total, and the totals of 1 path.');
  });
});
