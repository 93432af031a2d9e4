import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { commandForTests, folderWith } from './command.ts';

const { tally, bash } = commandForTests();

/** Writes lines for three seconds, of which the sum is 120. */
const slowly = 'for n in {1..15}; do printf "[%s]\\n" $n; sleep 0.2; done';
const END_OF_LINE = '\u001b[K';
const ERASE = `\r${END_OF_LINE}`;

/** Runs a line of bash with a terminal of 100 columns, to which both its output and its errors go. */
function onTerminal(line: string, options: Parameters<typeof bash>[1] = {}) {
  const env = { ...options.env, LINE: `stty cols 100; ${line}` };
  const command = `script --quiet --return --command 'bash -c "$LINE"' /dev/null`;
  return bash(command, { ...options, env });
}

describe('on a terminal', () => {
  it('shows the progress of a file, and erases it', async () => {
    // Decoding takes a while on any machine: 440 MB in 100 members.
    const lines = Array.from({ length: 250_000 }, (_, n) => `{"price":${n}.25}\n`);
    const member = gzipSync(lines.join(''), { level: 1 });
    const cwd = await folderWith({ 'a.jsonl.gz': Buffer.concat(Array(100).fill(member)) });
    const { code, stdout } = await onTerminal('tally sum --text a.jsonl.gz', { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\ra\.jsonl\.gz {2}█*░* +\d+ % {2}\d+\.\d MB {2}\d+\.\d MB\/s {2}0:\d\d left\W\[K/,
    );
    // The line is erased before the sum is printed, and nothing is drawn behind.
    expect(stdout.endsWith(`${ERASE}3124993750000\r\n`)).toBe(true);
  });

  it('shows bytes and rate of a pipe', async () => {
    const line = `{ ${slowly}; } | tally sum --text --format lines -`;
    const { code, stdout } = await onTerminal(line);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\r- {2}\d+ B {2}\d+ B\/s\W\[K/);
    expect(stdout.endsWith(`${ERASE}120\r\n`)).toBe(true);
  });

  it('leaves a clean line and status 130 on Ctrl-C', async () => {
    const interrupt = 'sleep 3; kill -INT $(jobs -p); wait %1; echo "status $?"';
    const endless = 'while printf "[1]\\n"; do sleep 0.1; done';
    const line = `set -m; tally sum --format lines <(${endless}) & ${interrupt}`;
    const { code, stdout } = await onTerminal(line);
    expect(code).toBe(0);
    expect(stdout).toContain(`B/s${END_OF_LINE}${ERASE}`);
    expect(stdout).toContain('status 130');
  });

  it('shows no progress for short work, and none where errors go to a file', async () => {
    const short = await onTerminal('echo "[1]" | tally sum --text -');
    expect(short.stdout).toBe('1\r\n');
    const cwd = await folderWith({});
    const line = `{ ${slowly}; } | tally sum --text --format lines - 2> errors; cat errors`;
    expect((await onTerminal(line, { cwd })).stdout).toBe('120\r\n');
    expect(await bash(`{ ${slowly}; } | tally sum --text --format lines -`)).toEqual({
      code: 0,
      stdout: '120\n',
      stderr: '',
    });
  });

  it('colours a comparison, unless NO_COLOR is set', async () => {
    const cwd = await folderWith({ 'a.json': '[1]', 'b.json': '[2]' });
    const coloured = await onTerminal('tally diff a.json b.json; tally diff a.json a.json', {
      cwd,
    });
    expect(coloured.stdout).toContain('\u001b[1mpath ');
    expect(coloured.stdout).toContain(
      '\u001b[31m1 of 1 path differs; the totals differ by 1.\u001b[0m',
    );
    expect(coloured.stdout).toContain('\u001b[32mEqual: ');
    const env = { NO_COLOR: '1' };
    const plain = await onTerminal('tally diff a.json b.json', { cwd, env });
    expect(plain).toMatchObject({ code: 1, stdout: expect.not.stringContaining('\u001b') });
    const piped = await tally(['diff', 'a.json', 'b.json'], { cwd });
    expect(piped.stdout).not.toContain('\u001b');
  });
});

describe('in a pipe', () => {
  it('ends quietly when its reader has gone', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `name-${index}`);
    const cwd = await folderWith({
      'a.json': JSON.stringify(Object.fromEntries(names.map((name) => [name, 1]))),
      'b.json': '{}',
    });
    const line = 'tally diff --limit 3000 a.json b.json | head -1; echo $PIPESTATUS';
    const { stdout, stderr } = await bash(line, { cwd });
    expect(stderr).toBe('');
    expect(stdout).toBe('A  a.json  3000 numbers  total 3000\n141\n');
  });

  it('says so when its output cannot be written', async () => {
    expect(await bash('echo 1 | tally sum - > /dev/full')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^tally: the output cannot be written \(.*no space left on device.*\)\n$/,
      ),
    });
  });
});
