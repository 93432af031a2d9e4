import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable } from '../../src/database/errors.ts';
import { hostsOf } from '../../src/database/servers/hosts.ts';
import { proxiedDatabase } from '../helpers/database-proxy.ts';
import { describeOnEachServer, type TestDatabase } from '../helpers/databases.ts';
import { freePort } from '../helpers/free-port.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

describe('DATABASE_URL with several hosts', () => {
  it.each([
    ['postgres://u:p,w@a:5432,b:5433/db?sslmode=require', ['a:5432', 'b:5433']],
    ['postgresql://a,b/db', ['a', 'b']],
    ['mysql://u@[::1]:3306,10.0.0.1:3307/db', ['[::1]:3306', '10.0.0.1:3307']],
    ['postgres:///db?host=/run/postgresql', ['']],
  ])('names them: %s', (url, names) => {
    const hosts = hostsOf(loadConfig({ DATABASE_URL: url }).database.location);
    expect(hosts).toEqual(names.map((name) => ({ name, url: url.replace(names.join(','), name) })));
  });

  it.each(['postgres://a,/db', 'mysql://u@,b/db', 'postgres://a:1,b:x/db'])(
    'is refused as %s',
    (url) => {
      expect(() => loadConfig({ DATABASE_URL: url })).toThrow(/^DATABASE_URL is not a URL/);
    },
  );

  it.each(['read-write', 'primary'])('may ask for %s', (target) => {
    const DATABASE_URL = `postgres://a,b/db?target_session_attrs=${target}`;
    expect(loadConfig({ DATABASE_URL }).database.location).toBe(DATABASE_URL);
  });

  it.each(['any', 'read-only', 'standby', 'prefer-standby', ''])('may not ask for %j', (target) => {
    const DATABASE_URL = `postgres://a,b/db?sslmode=require&target_session_attrs=${target}`;
    expect(() => loadConfig({ DATABASE_URL })).toThrow(/must be read-write or primary/);
  });
});

/** Opens a database by a URL with a host before its own one. */
async function openBehind(kind: TestDatabase, firstPort: number, password = '') {
  const { url, config, proxy } = await proxiedDatabase(kind);
  const { host } = new URL(url);
  const location = url.replace(`@${host}`, `${password}@127.0.0.1:${firstPort},${host}`);
  const database = openDatabase<unknown>({ ...config, location });
  onTestFinished(() => database.close());
  const select = () => sql`select 1`.execute(database.db);
  return { proxy, select };
}

describeOnEachServer('several hosts of $name', (kind) => {
  it('are tried until one answers, in 2 s even if one is silent', async () => {
    const silent = await startTcpProxy('127.0.0.1', 9);
    silent.hang();
    onTestFinished(silent.close);
    for (const port of [await freePort(), silent.port]) {
      const { select } = await openBehind(kind, port);
      const started = performance.now();
      await select();
      await select();
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });

  it('are named in the error where none answers, and the password is not', async () => {
    const { select, proxy } = await openBehind(kind, await freePort(), ':s3cret');
    await proxy.cut();
    const error = (await select().catch((caught) => caught)) as Error;
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(String(error.cause)).toMatch(
      /^Error: no host accepts writes: 127\.0\.0\.1:\d+ \(connect ECONNREFUSED .*\), 127\.0\.0\.1:\d+ \(connect ECONNREFUSED/,
    );
    expect(String(error.cause)).not.toContain('s3cret');
  });
});
