import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasTool } from '../docs/tools.ts';
import { root } from '../helpers/process.ts';
import { commandForTests, folderWith } from './command.ts';

const { tally, bash } = commandForTests();

const digestOf = (sum: string) => hash('sha256', sum);
const LINES = '{"price":19.99}\n{"price":5}\n';
const DOCUMENT = '{"lines":[{"price":19.99},{"price":5}],"tax":0.37}';
const ok = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('tally sum', () => {
  it('prints the digest alone for one file, and a name behind it for several', async () => {
    const cwd = await folderWith({ 'a.json': DOCUMENT, 'b.json': '[9007199254740993, 0.10]' });
    const [a, b] = [digestOf('25.36'), digestOf('9007199254740993.1')];
    expect(await tally(['sum', 'a.json'], { cwd })).toEqual(ok(`${a}\n`));
    expect(await tally(['sum', 'a.json', 'b.json'], { cwd })).toEqual(
      ok(`${a}  a.json\n${b}  b.json\n`),
    );
    expect(await tally(['sum', '--text', 'a.json', 'b.json'], { cwd })).toEqual(
      ok('25.36  a.json\n9007199254740993.1  b.json\n'),
    );
  });

  it('reads standard input', async () => {
    expect(await tally(['sum', '-'], { input: DOCUMENT })).toEqual(ok(`${digestOf('25.36')}\n`));
    const lines = ['sum', '--text', '--format', 'lines', '-'];
    expect(await tally(lines, { input: LINES })).toEqual(ok('24.99\n'));
    expect(await bash(`tally sum <(echo '[1,2]')`)).toEqual(ok(`${digestOf('3')}\n`));
  });

  it('prints reports', async () => {
    const cwd = await folderWith({ 'a.jsonl': LINES });
    const { stdout } = await tally(['sum', '--json', 'a.jsonl', 'a.jsonl'], { cwd });
    const sum = { sha256: digestOf('24.99'), sum: '24.99' };
    const report = {
      report: 'tally/1',
      file: 'a.jsonl',
      bytes: LINES.length,
      ...sum,
      count: 2,
      paths: [{ path: '$[*].price', count: 2, ...sum }],
    };
    expect(stdout).toBe(`${JSON.stringify(report)}\n`.repeat(2));
  });

  it('prints reports without paths, and with collapsed ones', async () => {
    const cwd = await folderWith({ 'a.json': '{"users":{"u1":1,"u2":{"x":2}}}' });
    const plain = await tally(['sum', '--json', '--no-paths', 'a.json'], { cwd });
    expect(JSON.parse(plain.stdout)).toEqual({
      report: 'tally/1',
      file: 'a.json',
      bytes: 31,
      sha256: digestOf('3'),
      sum: '3',
      count: 2,
    });
    const collapsed = await tally(['sum', '--json', '--collapse', '$["users"]', 'a.json'], { cwd });
    const { collapse, paths } = JSON.parse(collapsed.stdout);
    expect(collapse).toEqual(['$["users"]']);
    expect(paths.map(({ path }: { path: string }) => path)).toEqual(['$.users[*]', '$.users[*].x']);
  });

  it.each([
    ['a.json', DOCUMENT, '25.36'],
    ['a.txt', DOCUMENT, '25.36'],
    ['a.jsonl', LINES, '24.99'],
    ['a.NDJSON', LINES, '24.99'],
    ['a.json-seq', '\u001e1\n\u001e[2]\n', '3'],
    ['a.jsonl.gz', gzipSync(LINES), '24.99'],
    ['a.jsonl.br', brotliCompressSync(LINES), '24.99'],
    ['a.jsonl.zst', zstdCompressSync(LINES), '24.99'],
    ['a.GZ', gzipSync(DOCUMENT), '25.36'],
    // Files that `cat` made of several ones.
    ['b.jsonl.gz', Buffer.concat([gzipSync(LINES), gzipSync(LINES)]), '49.98'],
    ['b.jsonl.zst', Buffer.concat(Array(1500).fill(zstdCompressSync(LINES))), '37485'],
    ['empty.jsonl.gz', gzipSync(''), '0'],
    ['empty.jsonl', '', '0'],
  ])('reads %s as its name says', async (name, content, sum) => {
    const cwd = await folderWith({ [name]: content });
    expect(await tally(['sum', '--text', name], { cwd })).toEqual(ok(`${sum}\n`));
  });

  const tools = ['zstd', 'brotli'].every(hasTool);
  it.runIf(tools)(
    'reads what gzip, zstd and brotli write, of any size (needs zstd and brotli)',
    async () => {
      const text = LINES.repeat(400_000);
      const cwd = await folderWith({ 'a.jsonl': text });
      for (const command of ['gzip -k', 'zstd -q', 'zstd -q --long=27 -o b.jsonl.zst', 'brotli']) {
        execFileSync('bash', ['-c', `${command} a.jsonl`], { cwd });
      }
      const files = ['a.jsonl.gz', 'a.jsonl.zst', 'b.jsonl.zst', 'a.jsonl.br'];
      const { stdout } = await tally(['sum', '--text', ...files], { cwd });
      expect(stdout).toBe(files.map((name) => `9996000  ${name}\n`).join(''));
    },
  );

  it.each([
    ['a.json', '[1,2', 'byte 4: unexpected end of the document, expected '],
    ['a.jsonl', '1\n[2]\n[3}', 'line 3, byte 8: unexpected byte 0x7D (})'],
    ['a.json-seq', '\u001e1\n\u001e2', 'record 2, byte 5: '],
    ['a.json-seq', 'x', 'record 1, byte 0: '],
    ['a.json', '[1e99999]', "byte 1: the number's exponent is too large"],
    ['a.json.gz', gzipSync('[1}'), 'byte 2: unexpected byte 0x7D (})'],
    ['a.json.gz', 'not compressed', 'cannot be decoded as .gz, or is cut short (incorrect header'],
    ['a.json.gz', gzipSync(DOCUMENT).subarray(0, -3), 'is cut short (unexpected end of file)'],
    ['a.json.br', brotliCompressSync(DOCUMENT).subarray(0, -3), 'is cut short'],
    ['a.json.zst', zstdCompressSync(DOCUMENT).subarray(0, -3), 'is cut short'],
    ['a.json.gz', Buffer.concat([gzipSync('1'), Buffer.from('2')]), 'cannot be decoded as .gz'],
    ['a.json.gz', Buffer.concat([gzipSync('1'), Buffer.alloc(9)]), 'has bytes behind the end'],
    ['a.json.br', Buffer.concat([brotliCompressSync('1'), Buffer.from('2')]), 'has bytes behind'],
    ['a.json.zst', Buffer.concat([zstdCompressSync('1'), Buffer.from('2')]), 'is cut short'],
    ['a.jsonl.gz', '', 'is cut short'],
    ['a.jsonl.zst', '', 'is cut short'],
  ])('refuses a broken %s', async (name, content, message) => {
    const cwd = await folderWith({ [name]: content });
    const { code, stdout, stderr } = await tally(['sum', name], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^tally: ${name}: [^\n]+\n$`));
    expect(stderr).toContain(message);
  });

  it('goes on with the other files behind one that has no sum', async () => {
    const cwd = await folderWith({ 'a.json': '1', 'bad.json': '{', 'b.json': '2' });
    await mkdir(join(cwd, 'folder'));
    const files = ['a.json', 'bad.json', 'none.json', 'folder', 'b.json'];
    expect(await tally(['sum', '--text', ...files], { cwd })).toEqual({
      code: 2,
      stdout: '1  a.json\n2  b.json\n',
      stderr: [
        "tally: bad.json: byte 1: unexpected end of the document, expected a name in quotes or '}'",
        'tally: none.json: no such file',
        'tally: folder: is a directory',
        '',
      ].join('\n'),
    });
  });

  it('refuses more paths than --max-paths, and says what helps', async () => {
    const map = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`u${n}`, n]));
    const cwd = await folderWith({ 'a.json': JSON.stringify({ users: map }) });
    expect(await tally(['sum', '--json', 'a.json'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^tally: a\.json: .* --collapse '\$\.users' gives them one path; --max-paths allows more\n$/,
      ),
    });
    const more = await tally(['sum', '--json', '--max-paths', '10001', 'a.json'], { cwd });
    expect(JSON.parse(more.stdout).paths).toHaveLength(10_001);
    expect(await tally(['sum', 'a.json'], { cwd })).toEqual(ok(`${digestOf('50005000')}\n`));
  });

  it('reads standard input only once', async () => {
    expect(await tally(['sum', '--text', '-', '-'], { input: '7' })).toEqual({
      code: 2,
      stdout: '7  -\n',
      stderr: 'tally: standard input: it can be read only once\n',
    });
  });

  it('makes control characters of names visible', async () => {
    const name = 'a\u001b[31m\n.json';
    const cwd = await folderWith({ [name]: '1', 'b.json': '2' });
    const { stdout } = await tally(['sum', '--text', name, 'b.json'], { cwd });
    expect(stdout).toBe('1  a\\u{1b}[31m\\u{a}.json\n2  b.json\n');
  });
});

describe('the arguments', () => {
  it.each([
    [[], 'Usage: tally'],
    [['sum'], "tally: missing required argument 'file'; - is standard input\n"],
    [['sum', '--jsn', 'a'], 'Did you mean --json?'],
    [['summ', 'a'], 'Did you mean sum?'],
    [['sum', '--text', '--json', 'a'], "option '--text' cannot be used with option '--json'"],
    [['sum', '--collapse', 'users', 'a'], '"users" is not a path'],
    [['sum', '--collapse', '$.users', 'a'], '--collapse is about reports, and needs --json'],
    [['sum', '--no-paths', 'a'], '--no-paths is about reports, and needs --json'],
    [['sum', '--format', 'csv', 'a'], 'Allowed choices are auto, json, lines, sequence'],
    [['sum', '--json', '--max-paths', '0', 'a'], 'It must be a whole number from 1 to 1000000.'],
    [['diff', 'a'], "tally: missing required argument 'b'; - is standard input\n"],
    [['completion'], "tally: missing required argument 'shell'\n"],
    [['diff', '-', '-'], 'standard input can only be one of the two files'],
  ])('%j are refused', async (args, message) => {
    const { code, stdout, stderr } = await tally(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('have a help', async () => {
    const { version } = JSON.parse(
      await readFile(join(root, 'generated-client/package.json'), 'utf8'),
    );
    expect(await tally(['--version'])).toEqual(ok(`${version}\n`));
    const help = await tally(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['sum', 'diff', 'total', 'merge', 'completion']) {
      expect(help.stdout).toContain(`  ${name} `);
      const own = await tally(['help', name]);
      expect(own).toMatchObject({ code: 0, stderr: '' });
      expect(await tally([name, '--help'])).toEqual(own);
      if (name !== 'completion') {
        expect(own.stdout).toMatch(/Examples:\n {2}.*tally .*\n(.*\n)*Exit status:\n {2}0 /);
      }
    }
  });
});
