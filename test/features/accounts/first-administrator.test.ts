import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CHEAP_HASHES, expectJson, freshEmail, register, send } from '../../helpers/accounts.ts';
import { describeOnEachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { runToEnd, SERVER } from '../../helpers/process.ts';
import { serverForTest } from '../../helpers/server.ts';

vi.setConfig({ testTimeout: 60_000 });

const PASSWORD = 'a long sentence as a password';

async function settingsOn(database: TestDatabase, password = `${PASSWORD}\n`) {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  const folder = await mkdtemp(join(tmpdir(), 'tally-admin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ADMIN_PASSWORD_FILE = join(folder, 'password');
  await writeFile(ADMIN_PASSWORD_FILE, password);
  return { DATABASE_URL: url, ADMIN_EMAIL: freshEmail(), ADMIN_PASSWORD_FILE, ...CHEAP_HASHES };
}

async function accountsAt(server: { url: string }, email: string) {
  const body = { email, password: PASSWORD };
  const signedIn = await expectJson(send(server, 'POST', '/accounts/login', { body }));
  const token = String(signedIn.access_token);
  const { count, results } = await expectJson(send(server, 'GET', '/accounts', { token }));
  return { count, results };
}

describeOnEachDatabase('ADMIN_EMAIL', (database) => {
  it('registers one administrator, where several servers start at once, and never another one', async () => {
    const settings = await settingsOn(database);
    const servers = await Promise.all([
      serverForTest(settings),
      serverForTest(settings),
      serverForTest(settings),
    ]);
    const all = await accountsAt(servers[0], settings.ADMIN_EMAIL);
    expect(all).toMatchObject({ count: 1, results: [{ role: 'admin' }] });
    expect(servers.map(({ logs }) => logs()).join('')).not.toContain('create-admin');

    // Neither setting is of use any more.
    await rm(settings.ADMIN_PASSWORD_FILE);
    const later = await serverForTest({ ...settings, ADMIN_EMAIL: freshEmail() });
    expect(await accountsAt(later, settings.ADMIN_EMAIL)).toMatchObject(all);
  });

  it('promotes nobody who has registered with the address', async () => {
    const settings = await settingsOn(database);
    const { DATABASE_URL, ADMIN_EMAIL } = settings;
    const server = await serverForTest({ DATABASE_URL, ...CHEAP_HASHES });
    await register(server, { email: ADMIN_EMAIL });
    await expect(serverForTest(settings)).rejects.toThrow(/^ADMIN_EMAIL .*no administrator/);
  });

  it.each([
    ['', 'ADMIN_PASSWORD_FILE: it is empty'],
    ['password\n', 'ADMIN_PASSWORD_FILE: The password is one of the most common'],
    ['short', 'ADMIN_PASSWORD_FILE: The password must have at least 8'],
  ])('stops the start with a password that cannot be used: %j', async (password, reason) => {
    await expect(serverForTest(await settingsOn(database, password))).rejects.toThrow(reason);
  });
});

it.each([
  [{ ADMIN_EMAIL: 'root@example.com' }, 'ADMIN_EMAIL and ADMIN_PASSWORD_FILE need each other'],
  [{ ADMIN_PASSWORD_FILE: '/nowhere' }, 'ADMIN_EMAIL and ADMIN_PASSWORD_FILE need each other'],
  [
    { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD_FILE: '/nowhere' },
    'ADMIN_PASSWORD_FILE: ENOENT',
  ],
])('says in one line what is wrong with %j', async (settings, reason) => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'tally-admin-'));
  onTestFinished(() => rm(DATA_DIR, { recursive: true }));
  const [command, ...args] = SERVER;
  const ended = await runToEnd(command, args, { DATA_DIR, LOG_LEVEL: 'warn', ...settings });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^tally: invalid settings: .*\n$/);
  expect(ended.stderr).toContain(reason);
});
