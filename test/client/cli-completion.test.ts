import { describe, expect, it } from 'vitest';
import { commandForTests, folderWith } from './command.ts';

const { bash, tally } = commandForTests();

/** Returns what bash completes behind the words, of which the last is begun. */
async function completionsOf(words: string[], cwd?: string): Promise<string[]> {
  const script = `
    source <(tally completion bash)
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    $(complete -p tally | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await bash(script, cwd === undefined ? {} : { cwd });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the completion for bash', () => {
  it.each([
    [
      ['tally', ''],
      ['sum', 'diff', 'total', 'merge', 'completion', 'help', '--help', '--version'],
    ],
    [['tally', 'd'], ['diff']],
    [['tally', 'sum', '--k'], ['--key-file']],
    [['tally', 'diff', 'a.json', '--l'], ['--limit']],
    [['tally', 'sum', '--format', 's'], ['sequence']],
    [
      ['tally', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['tally', 'help', 'm'], ['merge']],
    [['tally', 'sum', '--collapse', ''], []],
  ])('of %j is %j', async (words, expected) => {
    expect(await completionsOf(words)).toEqual(expected);
  });

  it('leaves files to the shell, with blanks in their names too', async () => {
    const cwd = await folderWith({ 'an export.json': '[1,2]' });
    const keys = 'source <(tally completion bash)\ntally sum --te\tan\t; exit\n';
    const { stdout } = await bash('script -qec "bash --norc -i" /dev/null', { cwd, input: keys });
    expect(stdout).toContain('tally sum --text an\\ export.json ');
    expect(stdout).toMatch(/[\r\n]3\r*\n/);
  });

  it('knows every option that the help knows', async () => {
    for (const command of ['sum', 'diff', 'total', 'merge']) {
      const { stdout } = await tally([command, '--help']);
      const options = [...stdout.matchAll(/^ {2}(?:-h, )?(--[\w-]+)/gm)].map(
        ([, option]) => option,
      );
      expect(options.length).toBeGreaterThan(2);
      expect((await completionsOf(['tally', command, '--'])).sort()).toEqual(options.sort());
    }
  });
});

describe.each([
  [
    'zsh',
    [
      '#compdef tally',
      "'sum:add all numbers",
      "'*--collapse[",
      ':value:_files',
      ':value:(auto json lines sequence)',
    ],
  ],
  [
    'fish',
    [
      'complete -c tally -n __fish_use_subcommand -f -a sum -d ',
      ' -l key-file -r -F ',
      " -l format -x -a 'auto json",
    ],
  ],
])('the completion for %s', (shell, parts) => {
  it('has commands, options and their values', async () => {
    const { code, stdout, stderr } = await tally(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of parts) expect(stdout).toContain(part);
  });
});

it('refuses other shells', async () => {
  expect(await tally(['completion', 'csh'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Allowed choices are bash, zsh, fish'),
  });
});
