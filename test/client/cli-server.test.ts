import { hash } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { freePort } from '../helpers/free-port.ts';
import { guestToken, serverForTest } from '../helpers/server.ts';
import { commandForTests, folderWith } from './command.ts';

const { tally } = commandForTests();

const DOCUMENT = '{"lines":[{"price":19.99},{"price":5}],"users":{"u1":1}}';
const LINES = '{"price":19.99}\n{"price":5}\n';

describe('tally sum --server', () => {
  it('prints what it prints without a server', async () => {
    const { url } = await serverForTest();
    const cwd = await folderWith({
      key: Buffer.alloc(32, 7).toString('base64url'),
      'a.json': DOCUMENT,
      'a.jsonl': LINES.repeat(10_000),
      'a.json-seq': '\u001e1\n\u001e[2]\n',
      'a.json.gz': gzipSync(DOCUMENT),
      'a.jsonl.br': brotliCompressSync(LINES),
      'a.jsonl.zst': Buffer.concat(Array(3).fill(zstdCompressSync(LINES))),
    });
    await chmod(join(cwd, 'key'), 0o600);
    const files = ['a.json', 'a.jsonl', 'a.json-seq', 'a.json.gz', 'a.jsonl.br', 'a.jsonl.zst'];
    for (const options of [
      [],
      ['--text'],
      ['--json'],
      ['--json', '--no-paths', '--no-sums'],
      ['--json', '--collapse', '$.users', '--collapse', "$['a b']"],
      ['--json', '--key-file', 'key'],
      ['--key-file', 'key'],
    ]) {
      const local = await tally(['sum', ...options, ...files], { cwd });
      expect(local).toMatchObject({ code: 0, stderr: '' });
      const uploaded = await tally(['sum', '--server', url, ...options, ...files], { cwd });
      // Only the decoding side knows the size of a document.
      const withoutBytes = local.stdout.replaceAll(/"bytes":\d+,/g, '');
      expect(uploaded).toEqual({ ...local, stdout: withoutBytes });
    }
  });

  it('names the rules that an option breaks', async () => {
    const { url } = await serverForTest();
    const { code, stderr } = await tally(
      ['sum', '--server', url, '--json', '--collapse', `$.${'a'.repeat(5000)}`, '-'],
      { input: '[1]' },
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^tally: standard input: .* \(400 validation_failed\): \/collapse\S* .+\n$/,
    );
  });

  it('streams standard input, with a token from the environment', async () => {
    const server = await serverForTest();
    const env = { TALLY_TOKEN: await guestToken(server) };
    const args = ['sum', '--server', server.url, '--format', 'lines', '-'];
    const input = LINES.repeat(100_000);
    const stdout = `${hash('sha256', '2499000')}\n`;
    expect(await tally(args, { env, input })).toEqual({ code: 0, stdout, stderr: '' });
    expect(server.logs()).not.toContain('"url":"/auth"');
  });

  it('words the errors of the server, and goes on with the other files', async () => {
    const server = await serverForTest({ SUM_MAX_BYTES: '100000' });
    const cwd = await folderWith({
      'bad.jsonl': '1\n[2}',
      'bad.json-seq': 'x',
      'large.json': `[${'1,'.repeat(100_000)}1]`,
      'cut.json.gz': gzipSync(DOCUMENT).subarray(0, -3),
      'good.json': '[7]',
    });
    const files = ['bad.jsonl', 'bad.json-seq', 'large.json', 'cut.json.gz', 'good.json', 'none'];
    const args = ['sum', '--text', '--server', server.url, ...files];
    const { code, stdout, stderr } = await tally(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '7  good.json\n' });
    const [lines, sequence, large, cut, none] = stderr.split('\n');
    expect(lines).toMatch(
      /^tally: bad\.jsonl: line 2, byte 4: unexpected .* \(400 malformed_json\)$/,
    );
    expect(sequence).toMatch(
      /^tally: bad\.json-seq: (record 1, )?byte 0: .* \(400 malformed_json\)$/,
    );
    expect(large).toMatch(/^tally: large\.json: .*100000 bytes \(413 document_too_large\)$/);
    expect(cut).toMatch(/^tally: cut\.json\.gz: .* \(400 malformed_content_encoding\)$/);
    expect(none).toBe('tally: none: no such file');
  });

  it('says what is wrong with the token or the server', async () => {
    const { url } = await serverForTest();
    const closed = `http://localhost:${await freePort()}`;
    const run = async (server: string, env = {}) => {
      const { code, stderr } = await tally(['sum', '--server', server, '-'], { env, input: '1' });
      expect(code).toBe(2);
      return stderr;
    };
    expect(await run(url, { TALLY_TOKEN: 'x.y.z' })).toBe(
      'tally: standard input: the server does not accept the token in TALLY_TOKEN\n',
    );
    expect(await run(closed)).toMatch(/^tally: .*ECONNREFUSED.*\n$/);
    expect(await run('localhost:8000')).toContain('is no address such as http://localhost:8000');
    const accounts = await serverForTest({ AUTH_MODE: 'accounts' });
    expect(await run(accounts.url)).toMatch(
      /^tally: .*put the access token of one in TALLY_TOKEN\n$/,
    );
    const limit = await tally(['sum', '--json', '--max-paths', '5', '--server', url, '-']);
    expect(limit.stderr).toContain(
      "option '--server <url>' cannot be used with option '--max-paths",
    );
  });
});
