import { createHmac, hash } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandForTests, folderWith } from './command.ts';

const { tally, bash } = commandForTests();

const A = '{"lines":[{"price":19.99,"qty":2},{"price":5,"qty":1}],"tax":0.37}';
const RENAMED = A.replaceAll('price', 'unit_price');
/** The last line that is printed, which is the conclusion. */
const conclusionOf = (text: string) => text.trimEnd().split('\n').at(-1);

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
    expect(stdout).toContain('No digest is the same. Was the key another one?');
  });

  it('with keyed digests get the same hint beside a document and the wrong key', async () => {
    const cwd = await reports({ a: [A, '--key-file', 'key'] });
    const other = await folderWith({ key: Buffer.alloc(32, 8).toString('base64url') });
    await chmod(join(other, 'key'), 0o600);
    const args = ['diff', '--key-file', join(other, 'key'), 'a', '-'];
    const { code, stdout } = await tally(args, { cwd, input: A });
    expect(code).toBe(1);
    expect(stdout).toContain('No digest is the same. Was the key another one?');
  });

  it('may begin with a byte-order mark', async () => {
    const cwd = await reports({ a: [A] });
    const text = await readFile(join(cwd, 'a'), 'utf8');
    expect(await tally(['diff', '-', 'a'], { cwd, input: `\ufeff${text}` })).toMatchObject({
      code: 0,
    });
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
  });

  it('are compared if only one collapses: the totals of the members are added', async () => {
    const collapse = ['--collapse', '$.b', '--collapse', '$.c', '--collapse', '$.b[*].z'];
    const document = '{"b":{"x":100,"y":{"z":{"q":1}}},"c":{"x":1},"n":7}';
    const cwd = await reports({
      a: [document, ...collapse],
      same: [document],
      swapped: ['{"b":{"x":1,"y":{"z":{"q":1}}},"c":{"x":100},"n":7}'],
      bare: [document, '--no-sums'],
    });
    const same = await tally(['diff', 'same', 'a'], { cwd });
    expect(same.code).toBe(0);
    expect(conclusionOf(same.stdout)).toBe('Equal: the total, and the totals of 4 paths.');
    const swapped = await tally(['diff', 'a', 'swapped'], { cwd });
    expect(swapped.code).toBe(1);
    expect(conclusionOf(swapped.stdout)).toBe('2 of 4 paths differ; the totals are equal.');
    const bare = await tally(['diff', 'a', 'bare'], { cwd });
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain('make both reports with the same --collapse');
  });
});
