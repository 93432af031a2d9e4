import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../helpers/free-port.ts';
import { runToEnd } from '../helpers/process.ts';

/** Starts the server with settings that it cannot run with. */
async function refusalOf(environment: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-settings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { code, stdout, stderr } = await runToEnd('scripts/start', [], {
    DATA_DIR: folder,
    PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    ...environment,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
}

describe('a setting that Tally cannot run with stops the start with one line that names it', () => {
  it.each<[string, Record<string, string>]>([
    ['TRUST_PROXY', { TRUST_PROXY: '1' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'foo' }],
    ['SIGNING_KEYS', { SIGNING_KEYS: 'hidden' }],
    ['SIGNING_KEYS', { SIGNING_KEYS: '{"keys":[null]}' }],
    ['LINK_KEYS', { LINK_KEYS: 'null' }],
    ['LINK_KEYS', { LINK_KEYS: '{"keys":[{"kid":"hidden"}]}' }],
    ['PASSWORD_MEMORY', { PASSWORD_LANES: '4', PASSWORD_MEMORY: '16' }],
    ['HEADERS_TIMEOUT', { REQUEST_TIMEOUT: '5' }],
    ['DATA_DIR', { DATA_DIR: '/dev/null/tally' }],
    // Node's mkdir never came back.
    ['DATA_DIR', { DATA_DIR: '/proc/tally' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://ada:hidden@127.0.0.1:1/tally' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://ada:hidden@127.0.0.1:3306/' }],
    ['DATABASE_URL', { DATABASE_URL: 'sqlite:/dev' }],
    ['DATABASE_URL', { DATABASE_URL: 'sqlite:/etc/passwd' }],
    ['STORAGE_URL', { STORAGE_URL: 's3://key:hidden@' }],
    ['STORAGE_URL', { STORAGE_URL: 's3://key:hidden@bucket?endpoint=nowhere' }],
    ['HOST', { HOST: '192.0.2.1' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://[::1' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'app.example' }],
    ['PORT', { PORT: '0x50' }],
  ])('%s of %j', async (name, environment) => {
    const line = await refusalOf(environment);
    expect(line).toMatch(/^tally: [^\n]+\n$/);
    expect(line).toContain(name);
    expect(line).not.toMatch(/hidden|\bat .*:\d+:\d+|Cannot/);
  });

  it.each(['signing-keys.json', 'link-keys.json'])('DATA_DIR with a broken %s', async (file) => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-settings-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, file), '{"keys":');
    const line = await refusalOf({ DATA_DIR: folder });
    expect(line).toMatch(/^tally: [^\n]*DATA_DIR[^\n]+\n$/);
    expect(line).toContain(file);
  });
});
