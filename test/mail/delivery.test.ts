import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { MailTables } from '../../src/mail/tables.ts';
import { CHEAP_HASHES, expectJson, register, send } from '../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite, type TestDatabase } from '../helpers/databases.ts';
import { mailServerForTest } from '../helpers/mail-server.ts';
import { tokenIn } from '../helpers/mails.ts';
import { serverForTest, serverProcessForTest, type TestServer } from '../helpers/server.ts';

vi.setConfig({ testTimeout: 90_000 });
const run = promisify(execFile);
const WAIT = { timeout: 40_000 };

const forget = (server: { url: string }, email: string) =>
  expectJson(send(server, 'POST', '/accounts/password/forgotten', { body: { email } }), 202);
const waiting = ({ app }: TestServer) =>
  app.database.as<MailTables>().db.selectFrom('mails').selectAll().execute();
const makeDue = async ({ app }: TestServer) => {
  await app.database.as<MailTables>().db.updateTable('mails').set({ due_at: 0 }).execute();
};

async function databaseForTest(database: TestDatabase): Promise<string> {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return url;
}

async function serverWith(database: TestDatabase, MAIL_URL: string): Promise<TestServer> {
  const DATABASE_URL = await databaseForTest(database);
  return serverForTest({ DATABASE_URL, MAIL_URL, ...CHEAP_HASHES });
}

describeOnEachDatabase('mails', (database) => {
  it('go to a server, whatever the address looks like', async () => {
    const receiver = await mailServerForTest();
    const server = await serverWith(database, `smtp://127.0.0.1:${receiver.port}`);
    const addresses = [
      'ada+tag@example.com',
      "o'hara!#$%&*@example.com",
      'user.name@xn--bcher-kva.example',
    ];
    for (const email of addresses) {
      await register(server, { email });
      await forget(server, email);
    }
    await expect.poll(() => receiver.mails.length, WAIT).toBe(addresses.length);
    expect(receiver.mails.map(({ to }) => to).sort()).toEqual(addresses.sort());
    for (const mail of receiver.mails) {
      expect(mail.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
      expect(mail.raw).toMatch(/^From: Tally <tally@localhost>\r$/m);
      expect(mail.raw).toMatch(/^Message-ID: <[0-9a-f-]{36}@localhost>\r$/im);
    }
    await expect.poll(() => waiting(server)).toEqual([]);
  });

  it('are sent again after an error that may pass, with a link that works, and dropped after a refusal', async () => {
    const receiver = await mailServerForTest();
    const server = await serverWith(database, `smtp://127.0.0.1:${receiver.port}`);
    const { email } = await register(server);
    receiver.answers.push({ code: 451, text: `try again, ${email}` });
    await forget(server, email);
    await expect.poll(() => receiver.attempts, WAIT).toBe(1);
    await expect.poll(() => server.logs(), WAIT).toContain('another attempt follows');
    const [mail] = await waiting(server);
    expect(mail).toMatchObject({ attempts: 1, kind: 'password_reset' });
    await makeDue(server);
    await expect.poll(() => receiver.mails.length, WAIT).toBe(1);
    const body = { token: tokenIn(receiver.mails[0]!), new_password: 'seven green bicycles' };
    await expectJson(send(server, 'POST', '/accounts/password/reset', { body }), 204);
    await expect.poll(() => receiver.mails.length, WAIT).toBe(2);

    receiver.answers.push({ code: 550, text: `there is no ${email}, blocked #token=secret` });
    await forget(server, email);
    await expect.poll(() => server.logs(), WAIT).toContain('cannot be sent, and is dropped');
    await expect.poll(() => waiting(server), WAIT).toEqual([]);
    expect(receiver.mails).toHaveLength(2);
    expect(server.logs()).toContain('"responseCode":550');
    expect(server.logs()).not.toContain(email);
    expect(server.logs()).not.toContain('blocked');
  });

  it('are sent once by two servers', async () => {
    const receiver = await mailServerForTest();
    const DATABASE_URL = await databaseForTest(database);
    const MAIL_URL = `smtp://127.0.0.1:${receiver.port}`;
    const environment = { DATABASE_URL, MAIL_URL, ...CHEAP_HASHES };
    const servers = [await serverForTest(environment), await serverForTest(environment)];
    const people = await Promise.all(Array.from({ length: 20 }, () => register(servers[0]!)));
    await Promise.all(people.map(({ email }, at) => forget(servers[at % 2]!, email)));
    await expect.poll(() => waiting(servers[0]!), WAIT).toEqual([]);
    expect(receiver.mails.map(({ to }) => to).sort()).toEqual(
      people.map(({ email }) => email).sort(),
    );
  });

  it('that a process was sending when it died are sent by another one', async () => {
    const receiver = await mailServerForTest();
    const server = await serverWith(database, `smtp://127.0.0.1:${receiver.port}`);
    const { db } = server.app.database.as<MailTables>();
    const { email } = await register(server);
    const mail = { kind: 'password_reset', data: JSON.stringify({ email }), subject_key: null };
    // The first is still being sent, as far as its lease tells; that of the second has run out.
    const far = Date.now() + 60_000;
    const row = { ...mail, attempts: 1, created_at: Date.now() };
    await db
      .insertInto('mails')
      .values([
        { ...row, id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071', due_at: far },
        { ...row, id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6072', due_at: Date.now() - 1000 },
      ])
      .execute();
    await expect.poll(() => receiver.mails.length, WAIT).toBe(1);
    await expect.poll(async () => (await waiting(server)).length, WAIT).toBe(1);
    expect(await waiting(server)).toMatchObject([{ due_at: far }]);
  });
});

it('keeps mails whose sender is refused, which is a setting to correct', async () => {
  const receiver = await mailServerForTest({
    onMailFrom: (_address, _session, done) =>
      done(Object.assign(new Error('not this sender'), { responseCode: 553 })),
  });
  const server = await serverWith(sqlite, `smtp://127.0.0.1:${receiver.port}`);
  const { email } = await register(server);
  await forget(server, email);
  await expect.poll(() => server.logs(), WAIT).toContain('another attempt follows');
  expect(await waiting(server)).toMatchObject([{ kind: 'password_reset' }]);
});

it('gives a mail up after a day', async () => {
  const receiver = await mailServerForTest();
  const server = await serverWith(sqlite, `smtp://127.0.0.1:${receiver.port}`);
  const { email } = await register(server);
  receiver.answers.push({ code: 451, text: 'later' });
  await forget(server, email);
  await expect.poll(() => server.logs(), WAIT).toContain('another attempt follows');
  const { db } = server.app.database.as<MailTables>();
  receiver.answers.push({ code: 451, text: 'later' });
  const yesterday = Date.now() - 25 * 3_600_000;
  await db.updateTable('mails').set({ due_at: 0, created_at: yesterday }).execute();
  await expect.poll(() => waiting(server), WAIT).toEqual([]);
  expect(server.logs()).toContain('is dropped');
});

it('ends without waiting for a server that hangs, and sends the mail after its next start', async () => {
  const receiver = await mailServerForTest();
  const DATABASE_URL = await databaseForTest(sqlite);
  const MAIL_URL = `smtp://127.0.0.1:${receiver.port}`;
  const environment = { DATABASE_URL, MAIL_URL, ...CHEAP_HASHES };
  const first = await serverForTest(environment);
  const { email } = await register(first);
  receiver.answers.push('hang');
  await forget(first, email);
  await expect.poll(() => receiver.attempts, WAIT).toBe(1);
  const start = performance.now();
  await first.close();
  // Less than the time for which a silent mail server is waited for.
  expect(performance.now() - start).toBeLessThan(20_000);
  await serverForTest(environment);
  await expect.poll(() => receiver.mails.length, WAIT).toBe(1);
});

it('keeps mails while no server answers', async () => {
  const server = await serverWith(sqlite, 'smtp://127.0.0.1:9');
  const { email } = await register(server);
  await forget(server, email);
  await expect.poll(() => server.logs(), WAIT).toContain('ECONNREFUSED 127.0.0.1:9');
  expect(await waiting(server)).toMatchObject([{ kind: 'password_reset' }]);
});

it('sends in the clear to no server but one of this machine, signs in, and checks the certificate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-mail-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await run('openssl', [...options, ...name, '-keyout', key, '-out', cert]);
  const signIns: unknown[] = [];
  const receiver = await mailServerForTest({
    key: await readFile(key),
    cert: await readFile(cert),
    secure: true,
    authOptional: false,
    onAuth({ username, password }, _session, done) {
      signIns.push([username, password]);
      done(null, { user: username });
    },
  });
  const MAIL_URL = `smtps://mailer:p%23ss%2Fword@localhost:${receiver.port}`;
  const untrusting = await serverProcessForTest({ MAIL_URL });
  const { email } = await register(untrusting);
  await forget(untrusting, email);
  await expect.poll(() => untrusting.output.stdout, WAIT).toContain('another attempt follows');
  expect(receiver.mails).toEqual([]);
  const trusting = await serverProcessForTest({ MAIL_URL, NODE_EXTRA_CA_CERTS: cert });
  await register(trusting, { email });
  await forget(trusting, email);
  await expect.poll(() => receiver.mails.length, WAIT).toBe(1);
  expect(signIns).toEqual([['mailer', 'p#ss/word']]);
});
