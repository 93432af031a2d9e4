import { createHmac } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandForTests, folderWith } from './command.ts';

const { tally } = commandForTests();

const DOCUMENT = '{"lines":[{"price":19.99},{"price":5}],"tax":0.37}';
const ok = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('a key', () => {
  const KEY = Buffer.alloc(32, 7);
  const hmacOf = (sum: string) => createHmac('sha256', KEY).update(sum).digest('hex');

  it.each(['', '\n', '\r\n'])('is read from a file that ends with %j', async (end) => {
    const cwd = await folderWith({ key: KEY.toString('base64url') + end, 'a.json': DOCUMENT });
    await chmod(join(cwd, 'key'), 0o600);
    const args = ['sum', '--key-file', 'key', 'a.json'];
    expect(await tally(args, { cwd })).toEqual(ok(`${hmacOf('25.36')}\n`));
  });

  it('keeps the sums out of reports, unless they are asked for', async () => {
    const cwd = await folderWith({ key: KEY.toString('base64url'), 'a.json': '{"a":1}' });
    await chmod(join(cwd, 'key'), 0o600);
    const args = ['sum', '--json', '--key-file', 'key', 'a.json'];
    const common = { report: 'tally/1', file: 'a.json', bytes: 7, count: 1 };
    const hmac_sha256 = hmacOf('1');
    const hidden = await tally(args, { cwd });
    expect(JSON.parse(hidden.stdout)).toEqual({
      ...common,
      hmac_sha256,
      paths: [{ path: '$.a', count: 1, hmac_sha256 }],
    });
    const shown = await tally([...args, '--sums'], { cwd });
    expect(JSON.parse(shown.stdout)).toEqual({
      ...common,
      hmac_sha256,
      sum: '1',
      paths: [{ path: '$.a', count: 1, hmac_sha256, sum: '1' }],
    });
    const digests = await tally(['sum', '--json', '--no-sums', 'a.json'], { cwd });
    expect(digests.stdout).not.toContain('"sum"');
  });

  it('is refused without being shown', async () => {
    const keys = { short: 'c2VjcmV0', padded: `${KEY.toString('base64')}`, text: 'secret key!' };
    const cwd = await folderWith({ ...keys, 'a.json': '1' });
    for (const [name, key] of Object.entries(keys)) {
      await chmod(join(cwd, name), 0o600);
      const { code, stdout, stderr } = await tally(['sum', '--key-file', name, 'a.json'], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^tally: ${name}: the key `));
      expect(stderr).not.toContain(key);
    }
    const none = await tally(['sum', '--key-file', 'none', 'a.json'], { cwd });
    expect(none).toEqual({ code: 2, stdout: '', stderr: 'tally: none: no such file\n' });
  });

  it('is used with a warning if others may read it', async () => {
    const cwd = await folderWith({ key: KEY.toString('base64url'), 'a.json': '1' });
    await chmod(join(cwd, 'key'), 0o640);
    expect(await tally(['sum', '--key-file', 'key', 'a.json'], { cwd })).toEqual({
      code: 0,
      stdout: `${hmacOf('1')}\n`,
      stderr: 'tally: warning: others may read the key in key (mode 0640); use chmod 600\n',
    });
  });
});
