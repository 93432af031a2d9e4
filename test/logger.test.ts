import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { FastifyInstance } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { AccountTables } from '../src/features/accounts/tables.ts';
import { proxiedDatabase } from './helpers/database-proxy.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  describeOnEachServer,
} from './helpers/databases.ts';
import { serverForTest, type TestServer } from './helpers/server.ts';

const EMAIL = 'zenobia.quill@example.com';
const NAME = 'Zenobia Quillfeather';
const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dmVyeXNlY3JldGhhc2g';
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRETS = [
  ...[EMAIL, 'zenobia', 'Quillfeather', '$argon2id', 'c2FsdHNhbHQ', 'dmVyeXNlY3JldGhhc2g'],
  ...[KEY.toString(), KEY.toString('hex')],
];

const account = {
  id: '0190a6e0-0000-7000-8000-000000000001',
  username: NAME,
  username_key: KEY,
  email: EMAIL,
  email_key: KEY,
  first_name: NAME,
  last_name: NAME,
  search_text: EMAIL,
  role: 'user',
  tier: 'basic',
  password_hash: HASH,
  created_at: 0,
  disabled_at: null,
  deleted_at: null,
};

function expectNoSecrets(logs: string): void {
  for (const secret of SECRETS) expect(logs.toLowerCase()).not.toContain(secret.toLowerCase());
}

/** Adds `/fail/NAME` for each, which throws what it throws. */
const failing =
  (failures: Record<string, (app: FastifyInstance) => unknown>) => (app: FastifyInstance) => {
    for (const [name, fail] of Object.entries(failures)) {
      app.get(`/fail/${name}`, async () => {
        await fail(app);
        return {};
      });
    }
  };

async function failAll(server: TestServer, names: string[]): Promise<Record<string, unknown>[]> {
  for (const name of names) {
    const { status } = await fetch(`${server.url}/fail/${name}`);
    expect({ name, failed: status >= 500 }).toEqual({ name, failed: true });
  }
  const lines = server
    .logs()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.filter(({ err }) => err).map(({ err }) => err);
}

const insert = (app: FastifyInstance, values: object) =>
  app.database
    .as<AccountTables>()
    .db.insertInto('accounts')
    .values({ ...account, ...values })
    .execute();

const run = (app: FastifyInstance, statement: RawBuilder<unknown>) =>
  statement.execute(app.database.db);

const databaseFailures: Record<string, (app: FastifyInstance) => unknown> = {
  duplicate: (app) => insert(app, { id: 'another' }),
  'no-number': (app) => insert(app, { id: 'b', created_at: EMAIL }),
  'too-long': (app) =>
    insert(app, { id: EMAIL.repeat(40), username_key: Buffer.alloc(400), role: null }),
  'no-account': (app) =>
    run(app, sql`insert into refresh_tokens (hash, session_id) values (${KEY}, ${EMAIL})`),
  syntax: (app) => run(app, sql`select frm ${EMAIL} from accounts wher first_name = ${NAME}`),
  'syntax-with-values': (app) => run(app, sql.raw(`select '${EMAIL}' frm "${NAME}" '${HASH}'`)),
  division: (app) => run(app, sql.raw(`update accounts set created_at = '${EMAIL}'`)),
  cause: (app) =>
    insert(app, { id: 'another' }).catch((cause) => {
      throw new Error('outer', { cause });
    }),
};

describeOnEachDatabase('the log', (kind) => {
  it('has no values of statements that failed, but the code and the index', async () => {
    const { location } = await databaseForTest(kind);
    const url = location.includes('://') ? location : `sqlite:${location}`;
    const server = await serverForTest({ DATABASE_URL: url }, failing(databaseFailures));
    await insert(server.app, {});
    const errors = await failAll(server, Object.keys(databaseFailures));
    expectNoSecrets(server.logs());
    expect(errors).toHaveLength(Object.keys(databaseFailures).length);
    for (const { type, stack } of errors) {
      expect(type).toMatch(/^\w+$/);
      expect(stack).toMatch(/^ {4}at /);
    }
    expect(JSON.stringify(errors[0])).toMatch(/accounts|PRIMARY/);
    expect(errors[0]!.code).toMatch(/23505|ER_DUP_ENTRY|SQLITE_CONSTRAINT/);
    expect(errors.at(-1)).toMatchObject({ message: 'outer', cause: { code: errors[0]!.code } });
  });
});

describeOnEachServer('the log, when $name breaks off,', (kind) => {
  it('has no values of the statements that were lost or waited too long', async () => {
    const { proxy, url } = await proxiedDatabase(kind);
    const failures = { insert: (app: FastifyInstance) => insert(app, {}) };
    const server = await serverForTest(
      { DATABASE_URL: url, DATABASE_TIMEOUT: '1' },
      failing(failures),
    );
    void proxy.cutAt('insert', 'before-answer');
    await failAll(server, ['insert']);
    proxy.hang();
    await failAll(server, ['insert']);
    await proxy.mend();
    expectNoSecrets(server.logs());
    expect(server.logs()).toContain('ETIMEDOUT');
  });
});

const otherFailures: Record<string, (app: FastifyInstance) => unknown> = {
  json: () => JSON.parse(`{"name": ${NAME}`),
  argument: () => Buffer.from('x', EMAIL as never),
  'argument-value': () =>
    new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: EMAIL as never }),
  operator: () => 'x' in (EMAIL as never),
  property: () => {
    (EMAIL as unknown as Record<string, string>).x = 'y';
  },
  url: () => new URL(EMAIL),
  fetch: () => fetch(`http://127.0.0.1:1/${EMAIL}?token=${NAME.replace(' ', '')}`),
  'fetch-url': () => fetch(`${EMAIL}/${HASH}`),
  header: () => new Headers({ 'x-name': `${NAME}\n${EMAIL}` }),
  sharp: () => sharp(Buffer.from(EMAIL.repeat(10))).metadata(),
  s3: () =>
    new S3Client({
      region: 'x',
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
      credentials: { accessKeyId: NAME, secretAccessKey: HASH },
    }).send(new GetObjectCommand({ Bucket: 'x', Key: EMAIL })),
  fields: () =>
    Promise.reject(
      Object.assign(new Error('plain'), { config: EMAIL, email: EMAIL, code: HASH, input: NAME }),
    ),
  stack: () =>
    Promise.reject(
      Object.assign(new Error('short'), {
        stack: `Error: ${EMAIL}\n    at ${NAME}\n    at x (file:///y:1:1)`,
      }),
    ),
  lines: () => new Error(`first\n    at ${EMAIL} (file:///x)`),
  text: () => Promise.reject(EMAIL),
};

describe('the log', () => {
  it('has no values of errors of the runtime and of libraries', async () => {
    const server = await serverForTest({}, failing(otherFailures));
    const names = Object.keys(otherFailures).filter((name) => name !== 'lines');
    await failAll(server, names);
    server.app.log.error(otherFailures.lines!(server.app) as Error);
    const wrong = Object.assign(new SyntaxError(EMAIL), { sqlMessage: EMAIL });
    server.app.log.error(wrong);
    server.app.log.error({ err: wrong });
    server.app.log.child({ child: true }).fatal({ err: wrong }, wrong.message);
    await setTimeout(10);
    expectNoSecrets(server.logs());
  });

  it('has the messages that help', async () => {
    const server = await serverForTest(
      {},
      failing({
        refused: () => fetch('http://127.0.0.1:1'),
        bug: () => (undefined as unknown as { x: { y: string } }).x.y,
      }),
    );
    const [refused, bug] = await failAll(server, ['refused', 'bug']);
    expect(refused).toMatchObject({
      message: 'fetch failed',
      cause: { message: expect.any(String) },
    });
    expect(bug).toMatchObject({
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'x')",
      stack: expect.stringContaining('logger.test.ts'),
    });
  });
});
