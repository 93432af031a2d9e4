import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { environmentSchema } from '../../src/config.ts';
import { freePort } from '../helpers/free-port.ts';
import { runToEnd } from '../helpers/process.ts';
import { memoryOf } from '../helpers/process-usage.ts';
import { openConnection, parseAnswer, readToEnd } from '../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../helpers/server.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Starts a server that cannot start, and lists what it left in its folder for scratch files. */
async function failToStart(environment: Record<string, string>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-failed-start-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const finished = await runToEnd('scripts/start', [], {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
    ...environment,
  });
  return { ...finished, scratch: await readdir(join(dataDir, 'files/scratch')) };
}

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes a long upload after %s, takes no other, and ends with 0',
    async (signal) => {
      const server = await serverProcessForTest();
      const token = await guestToken(server);
      const socket = await openConnection(server.url);
      socket.write(
        `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 9\r\n\r\n[1,2`,
      );
      await pause(200);
      server.child.kill(signal);
      await pause(300);
      await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
      expect(server.child.exitCode).toBeNull();
      socket.write(',3,4]');
      const answer = parseAnswer(await readToEnd(socket));
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toEqual({ sha256: sha256('10') });
      expect((await server.done).code).toBe(0);
    },
  );

  it('does not wait for a client that never finishes', async () => {
    const server = await serverProcessForTest({ SHUTDOWN_TIMEOUT: '1' });
    const token = await guestToken(server);
    const socket = await openConnection(server.url);
    socket.on('error', () => undefined);
    socket.write(
      `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 9\r\n\r\n[1`,
    );
    await pause(200);
    const started = Date.now();
    server.child.kill('SIGTERM');
    expect((await server.done).code).not.toBe(0);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('logs JSON lines where nobody watches', async () => {
    const server = await serverProcessForTest();
    await fetch(`${server.url}/health/live`);
    server.child.kill('SIGTERM');
    const { stdout, stderr } = await server.done;
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(stderr).toBe('');
  });

  it('streams a large document in constant memory', async () => {
    const server = await serverProcessForTest();
    const token = await guestToken(server);
    const memory = () => memoryOf(server).now;
    const piece = Buffer.from(`${'12.5,"abc",{"k":[1e3]},'.repeat(3000)}`);
    const send = async (pieces: number) => {
      let left = pieces;
      const body = new ReadableStream({
        pull(controller) {
          if (left === pieces) controller.enqueue(Buffer.from('['));
          if (left-- > 0) controller.enqueue(piece);
          else {
            controller.enqueue(Buffer.from('0]'));
            controller.close();
          }
        },
      });
      const response = await fetch(`${server.url}/sum`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
        duplex: 'half',
      } as RequestInit);
      return ((await response.json()) as { sha256: string }).sha256;
    };
    expect(await send(100)).toBe(sha256(`${1012.5 * 300_000}`));
    const before = memory();
    expect(await send(1500)).toBe(sha256(`${1012.5 * 4_500_000}`));
    expect(memory() - before).toBeLessThan(64 * 2 ** 20);
  }, 120_000);
});

describe('scripts/start', () => {
  it('greets with addresses and a first call that works', async () => {
    const server = await serverProcessForTest({}, ['scripts/start']);
    await expect.poll(() => server.output.stdout).toContain('curl');
    expect(server.output.stdout).toContain(`${server.url}/docs`);
    const commands = server.output.stdout.split('Try it:')[1]!.split('\n\n')[1]!;
    const { stdout: result } = await promisify(execFile)('bash', ['-c', commands]);
    expect(JSON.parse(result)).toEqual({ sha256: sha256('0.3') });
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('greets with a first call that makes an account where only accounts get tokens', async () => {
    const server = await serverProcessForTest({ AUTH_MODE: 'accounts' }, ['scripts/start']);
    await expect.poll(() => server.output.stdout).toContain('curl');
    const commands = server.output.stdout.split('Try it:')[1]!.split('\n\n')[1]!;
    const { stdout } = await promisify(execFile)('bash', ['-c', commands]);
    const [account, sum] = stdout.split('\n').map((line) => JSON.parse(line));
    expect(account).toMatchObject({ email: 'ada@example.com' });
    expect(sum).toEqual({ sha256: sha256('0.3') });
  });

  it('lists every setting with --help', async () => {
    const { code, stdout } = await runToEnd('scripts/start', ['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(environmentSchema.properties))
      expect(stdout).toContain(`  ${name} `);
  });

  it('says in one line that the port is in use, and leaves nothing behind', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const { code, stderr, scratch } = await failToStart({ PORT: String(port) });
    blocker.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `tally: port ${port} is in use; stop what listens there, or set PORT to another\n`,
    );
    expect(scratch).toEqual([]);
  });

  it.each<Record<string, string>>([{ HOST: '999.1.1.1' }, { SIGNING_KEYS: '{"keys":[]}' }])(
    'leaves nothing behind where it cannot start with %j',
    async (environment) => {
      const { code, stderr, scratch } = await failToStart(environment);
      expect(code).toBe(1);
      expect(stderr).toContain(Object.keys(environment)[0]);
      expect(scratch).toEqual([]);
    },
  );

  it('says in one line which setting is wrong', async () => {
    const { code, stderr } = await runToEnd('scripts/start', [], {
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tally: invalid settings: .*PORT.*LOG_LEVEL.*\n$/);
  });

  it('says what is missing where there is no Node at all', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'tally-bare-'));
    onTestFinished(() => rm(bare, { recursive: true }));
    for (const tool of ['bash', 'dirname', 'uname']) {
      const path = execFileSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
      await symlink(path, join(bare, tool));
    }
    const { code, stderr } = await runToEnd('scripts/start', [], { PATH: bare });
    expect(code).toBe(1);
    expect(stderr).toBe('tally: Node is missing. Install Node 24 or newer, with npm.\n');
  });
});

describe('scripts/rotate-keys', () => {
  it('adds a key that a running server publishes and later signs with', async () => {
    const server = await serverProcessForTest();
    const published = async () =>
      (
        (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as {
          keys: { alg: string }[];
        }
      ).keys;
    const settings = { DATA_DIR: server.dataDir, TOKEN_ALGORITHM: 'EdDSA' };
    const { code, stderr } = await runToEnd('scripts/rotate-keys', [], settings);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^The EdDSA key [\w-]+ signs from .*Z; 2 keys are published\.\n$/);
    await expect
      .poll(async () => (await published()).map(({ alg }) => alg), { timeout: 15_000 })
      .toEqual(['ES256', 'EdDSA']);
  }, 30_000);

  it.each([
    ['scripts/rotate-keys', /; 1 key is published\.\n$/, /; 2 keys are published\.\n$/],
    ['scripts/rotate-link-keys', /^Links of 1 key are valid;/, /^Links of 2 keys are valid;/],
  ])('%s counts keys in words that fit', async (script, one, two) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tally-keys-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    for (const sentence of [one, two]) {
      expect((await runToEnd(script, [], { DATA_DIR: dataDir })).stderr).toMatch(sentence);
    }
  });

  it('replaces all keys at once where one has leaked', async () => {
    const server = await serverProcessForTest();
    const token = await guestToken(server);
    const { code } = await runToEnd('scripts/rotate-keys', ['--immediately'], {
      DATA_DIR: server.dataDir,
    });
    expect(code).toBe(0);
    await expect
      .poll(
        async () =>
          (
            await fetch(`${server.url}/sum`, {
              method: 'POST',
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
              body: '[]',
            })
          ).status,
        { timeout: 15_000 },
      )
      .toBe(401);
  }, 30_000);

  it('prints a key set for replicas and changes no file', async () => {
    const first = await runToEnd('scripts/rotate-keys', ['--print'], { DATA_DIR: '/nonexistent' });
    expect(JSON.parse(first.stdout).keys).toHaveLength(1);
    const next = await runToEnd('scripts/rotate-keys', ['--print'], {
      SIGNING_KEYS: first.stdout.trim(),
    });
    expect(JSON.parse(next.stdout).keys).toHaveLength(2);
    expect(JSON.parse(next.stdout).keys[0]).toEqual(JSON.parse(first.stdout).keys[0]);
  });

  it('refuses what it does not know', async () => {
    const { code, stderr } = await runToEnd('scripts/rotate-keys', ['--now']);
    expect(code).toBe(2);
    expect(stderr).toContain('--now');
    expect((await runToEnd('scripts/rotate-keys', ['--help'])).stdout).toContain('--immediately');
  });
});
