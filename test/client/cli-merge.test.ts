import { execFileSync } from 'node:child_process';
import { createHmac, hash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasTool } from '../docs/tools.ts';
import { commandForTests, folderWith } from './command.ts';

const { tally, bash } = commandForTests();
const ok = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('tally total', () => {
  it('adds lines of decimals exactly', async () => {
    const exact = Decimal.clone({ precision: 1000, toExpNeg: -1000, toExpPos: 1000 });
    const decimal = fc
      .tuple(
        fc.boolean(),
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.option(fc.stringMatching(/^[0-9]{1,30}$/)),
      )
      .map(
        ([isNegative, whole, fraction]) =>
          `${isNegative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}`,
      );
    const lists = fc.sample(fc.array(decimal, { maxLength: 50, size: 'max' }), 20);
    expect(lists.flat().length).toBeGreaterThan(100);
    for (const list of lists) {
      const sum = list.reduce((total, text) => total.plus(text), new exact(0)).toString();
      const input = list.join('\n');
      expect(await tally(['total', '--text'], { input }), input).toEqual(ok(`${sum}\n`));
    }
  });

  it('takes what tally sum prints: names behind sums, line ends of Windows, very long sums', async () => {
    const long = `${'9'.repeat(30_000)}.5`;
    const odd = '5 report\u20286 of June\n';
    const cwd = await folderWith({
      a: '1.5  a.json\r\n\r\n-0.25\tb c.json\n',
      b: `${long}\n0.50`,
      odd,
    });
    expect(await tally(['total', '--text', 'a'], { cwd })).toEqual(ok('1.25\n'));
    expect(await tally(['total', '--text', 'odd'], { cwd })).toEqual(ok('5\n'));
    expect(await tally(['total', '--text', 'b'], { cwd })).toEqual(ok(`1${'0'.repeat(30_000)}\n`));
    const sha256 = hash('sha256', '1.25');
    expect(await tally(['total', 'a'], { cwd })).toEqual(ok(`${sha256}\n`));
    expect(await bash('tally total --json < a', { cwd })).toEqual(
      ok(`{"report":"tally/1","sha256":"${sha256}","sum":"1.25"}\n`),
    );
  });

  it.each(['1\n2e3\n', '1\nabc', '1\n0x10', '1\n1,5', '1\n.5', `1\n${hash('sha256', 'x')}`])(
    'refuses other lines: %j',
    async (input) => {
      const { code, stdout, stderr } = await tally(['total'], { input });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^tally: standard input: line 2: \S+ is no decimal number\n$/);
    },
  );
});

describe('tally merge', () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'b')), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  it('makes the report of the whole of those of its parts', async () => {
    for (const lines of fc.sample(fc.array(values, { minLength: 20, maxLength: 80 }), 5)) {
      const text = lines.map((value) => `${JSON.stringify(value)}\n`);
      const files = Object.fromEntries(
        [0, 1, 2].map((part) => [
          `${part}.jsonl`,
          text.filter((_, index) => index % 3 === part).join(''),
        ]),
      );
      const cwd = await folderWith({ ...files, 'whole.jsonl': text.join('') });
      const whole = JSON.parse((await tally(['sum', '--json', 'whole.jsonl'], { cwd })).stdout);
      delete whole.file;
      const merged = await bash('tally sum --json ?.jsonl | tally merge', { cwd });
      expect(merged.stderr).toBe('');
      expect(JSON.parse(merged.stdout)).toEqual(whole);
      expect(Object.keys(JSON.parse(merged.stdout))).toEqual(Object.keys(whole));
      const compared = await bash(
        'tally sum --json ?.jsonl | tally merge | tally diff - whole.jsonl',
        { cwd },
      );
      expect(compared.code).toBe(0);
    }
  });

  it('makes keyed reports with a key, of keyed ones that have sums', async () => {
    const key = Buffer.alloc(16, 3);
    const cwd = await folderWith({
      key: key.toString('base64url'),
      other: Buffer.alloc(16).toString('base64url'),
    });
    for (const name of ['key', 'other']) await chmod(join(cwd, name), 0o600);
    const keyed = 'tally sum --json --key-file key --sums';
    await bash(
      `echo '[1]' | ${keyed} - > a; echo '[2]' | ${keyed} - > b; echo '[2]' | tally sum --json - > c`,
      { cwd },
    );
    const hmac_sha256 = createHmac('sha256', key).update('3').digest('hex');
    const expected = {
      report: 'tally/1',
      bytes: 8,
      hmac_sha256,
      count: 2,
      paths: [{ path: '$[*]', count: 2, hmac_sha256 }],
    };
    for (const files of [
      ['a', 'b'],
      ['a', 'c'],
    ]) {
      const { stdout } = await tally(['merge', '--key-file', 'key', ...files], { cwd });
      expect(JSON.parse(stdout)).toEqual(expected);
    }
    const refused = await tally(['merge', 'c', 'a'], { cwd });
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tally: a: the report about - is keyed; give its key with --key-file\n',
    });
    const wrong = await tally(['merge', '--key-file', 'other', 'a'], { cwd });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was made with another key, or was changed'),
    });
  });

  it.each([
    [
      'a report without sums',
      ['a', 'digests'],
      'has no sums, only digests, which cannot be added; make it with --sums',
    ],
    [
      'a report without paths',
      ['a', 'total'],
      'total: the report about - has no paths, but a: the report about - has paths without --collapse',
    ],
    ['other collapsed paths', ['a', 'collapsed'], 'has paths with --collapse $.m, but '],
    [
      'a report that was changed',
      ['a', 'changed'],
      '$.m.x in the report has a digest that is not the one of its sum: it was changed',
    ],
    ['a report that lacks a path', ['a', 'lacking'], 'has paths that do not add up to its total'],
    ['a report with another count', ['recounted'], 'has paths that do not add up to its total'],
    ['a report with a path twice', ['a', 'doubled'], 'tally: doubled: the report has a path twice'],
    ['a document', ['a', 'document'], 'tally: document: is no report; tally sum --json makes one'],
    ['nothing', ['nothing'], 'tally: nothing: is no report'],
  ])('refuses %s', async (_, files, message) => {
    const input = '{"m":{"x":1},"y":2}';
    const make = async (...args: string[]) =>
      (await tally(['sum', '--json', ...args, '-'], { input })).stdout;
    const report = JSON.parse(await make());
    const cwd = await folderWith({
      a: await make(),
      digests: await make('--no-sums'),
      total: await make('--no-paths'),
      collapsed: await make('--collapse', '$.m'),
      changed: (await make()).replace('"sum":"1"', '"sum":"7"'),
      lacking: JSON.stringify({ ...report, paths: report.paths.slice(1) }),
      doubled: JSON.stringify({ ...report, paths: [...report.paths, report.paths[0]] }),
      recounted: JSON.stringify({ ...report, count: 9 }),
      document: input,
      nothing: '',
    });
    const { code, stdout, stderr } = await tally(['merge', ...files], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe.runIf(hasTool('parallel'))('GNU parallel (needs parallel)', () => {
  it('adds the shards of a folder to the sum and the report of the whole', async () => {
    const cwd = await folderWith({});
    await mkdir(join(cwd, 'shards'));
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => `{"id":${n},"price":${n % 100}.${n % 10}9,"tags":["x",${n / 8}]}\n`,
    );
    await writeFile(join(cwd, 'whole.jsonl'), lines.join(''));
    for (let shard = 0; shard < 16; shard++) {
      const part = lines.filter((_, n) => n % 16 === shard).join('');
      await writeFile(join(cwd, `shards/part-${shard}.jsonl`), part);
    }
    execFileSync('gzip', ['-r', 'shards'], { cwd });
    const whole = await tally(['sum', 'whole.jsonl'], { cwd });
    expect(whole).toMatchObject({ code: 0 });
    expect(await bash('parallel tally sum --text ::: shards/*.gz | tally total', { cwd })).toEqual(
      whole,
    );
    const many = await bash('parallel -X tally sum --text ::: shards/*.gz | tally total', { cwd });
    expect(many).toEqual(whole);
    const merged = 'parallel tally sum --json ::: shards/*.gz | tally merge';
    expect(await bash(`${merged} | tally diff - whole.jsonl`, { cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
  }, 60_000);
});

it('adds the partitions of a file, an empty one too, as the pipe of Spark passes them on', async () => {
  const lines = Array.from(
    { length: 1000 },
    (_, n) => `{"id":${n},"price":${n % 100}.${n % 10}9}\n`,
  );
  const cwd = await folderWith({ 'whole.jsonl': lines.join(''), empty: '' });
  const [text, json] = ['--text', '--json'].map(
    (option) => `{ split -n r/7 --filter='tally sum ${option} --format lines -' whole.jsonl
      tally sum ${option} --format lines - < empty; }`,
  );
  const whole = await tally(['sum', 'whole.jsonl'], { cwd });
  expect(await bash(`${text} | tally total`, { cwd })).toEqual(whole);
  const { code, stderr } = await bash(`${json} | tally merge | tally diff - whole.jsonl`, { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
