import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { send } from '../helpers/accounts.ts';
import { describeOnEachServer, type TestDatabase } from '../helpers/databases.ts';
import { download, fixture, uploaded } from '../helpers/images.ts';
import { missingPrograms, needing } from '../helpers/needs.ts';
import {
  backUp,
  databaseForTest,
  folderForTest,
  restore,
  SETTINGS,
  serverOn,
  siteForTest,
  userOf,
} from './site.ts';

const DUMPS: Record<string, string> = {
  postgres: '/usr/bin/pg_dump',
  mysql: '/usr/bin/mariadb-dump',
};
const jpeg = fixture('baseline.jpg');

/** Returns the commands that dump and read a database, as the documentation has them. */
function commandsOf({ kind }: TestDatabase, url: string) {
  if (kind === 'postgres') {
    return {
      dump: ['pg_dump', '--format=custom', `--dbname=${url}`],
      load: ['pg_restore', '--no-owner', '--exit-on-error', `--dbname=${url}`],
    };
  }
  const { hostname, port, username, pathname } = new URL(url);
  const options = [`--host=${hostname}`, `--port=${port}`, `--user=${username}`];
  const name = pathname.slice(1);
  return {
    dump: ['mariadb-dump', '--single-transaction', ...options, name],
    load: ['mariadb', ...options, name],
  };
}

async function emptyDatabase(database: TestDatabase): Promise<string> {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return url;
}

describeOnEachServer('a backup', (database) => {
  const missing = missingPrograms(DUMPS[database.kind]);
  const title = 'runs the command that dumps the database, and a restore the one that reads it';
  it.skipIf(missing !== undefined)(
    needing(title, missing),
    {
      timeout: 120_000,
    },
    async () => {
      const [from, to] = [await emptyDatabase(database), await emptyDatabase(database)];
      const site = await siteForTest({ DATABASE_URL: from });
      const { access_token: token } = await userOf(site, { tier: 'enterprise' });
      const kept = await uploaded(site, { token }, jpeg);
      const deleted = await uploaded(site, { token }, jpeg);
      const folder = await folderForTest();
      const file = join(folder, 'backup.tar');

      const refused = await backUp(site, file);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(/^tally: the database is on a server [^\n]*_?dump[^\n]*\n$/);
      const failed = await backUp(site, file, '--', 'false');
      expect(failed).toMatchObject({ code: 1, stderr: 'tally: false ended with exit code 1\n' });
      const unknown = await backUp(site, file, '--', 'no-such-program');
      expect(unknown).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no-such-program'),
      });

      const ofAnother = commandsOf(database, to).dump;
      for (const command of [['echo', 'hi'], ofAnother]) {
        const nothing = await backUp(site, file, '--', ...command);
        expect(nothing).toMatchObject({ code: 1, stdout: '' });
        expect(nothing.stderr).toMatch(/^tally: [^\n]* has not dumped the database[^\n]*\n$/);
      }
      expect(await readdir(folder)).toEqual([]);

      // An image is deleted after the database was dumped, and before the files are read.
      const { dump } = commandsOf(database, from);
      const remove = `curl -sf -X DELETE -H "Authorization: Bearer ${token}" ${site.url}/images/${deleted.id}`;
      const script = `${dump.join(' ')} && ${remove}`;
      const made = await backUp(site, file, '--', 'sh', '-c', script);
      expect(made).toMatchObject({ code: 0 });
      expect((await send(site, 'GET', `/images/${deleted.id}`, { token })).status).toBe(404);
      await site.server.end('SIGTERM');

      const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data'), DATABASE_URL: to };
      const without = await restore(environment, file);
      expect(without).toMatchObject({ code: 2, stdout: '' });
      const { load } = commandsOf(database, to);
      const checked = await restore(environment, '--check', file);
      expect(checked).toMatchObject({ code: 0, stderr: '' });
      // A command that loads nothing is as one that was interrupted.
      const unloaded = await restore(environment, file, '--', 'true');
      expect(unloaded).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('has not got the tables of the archive'),
      });
      expect(await restore(environment, file, '--', ...load)).toMatchObject({ code: 0 });
      const restored = await serverOn(environment);
      for (const { id } of [kept, deleted]) {
        expect((await download(restored, { token }, id, 'original')).equals(jpeg)).toBe(true);
      }
      const { db } = databaseForTest(environment);
      expect(await db.selectFrom('images').select('id').execute()).toHaveLength(2);

      const other = { ...environment, DATA_DIR: join(folder, 'other') };
      const full = await restore(other, file, '--', ...load);
      expect(full).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('has tables already'),
      });
    },
  );
});
