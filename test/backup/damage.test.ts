import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ParsedTarEntryWithData as Entry, packTar, unpackTar } from 'modern-tar';
import { expect, it } from 'vitest';
import { ArchiveUnusable } from '../../src/backup/errors.ts';
import { readArchive } from '../../src/backup/read-archive.ts';
import { fixture, uploaded } from '../helpers/images.ts';
import { backUp, folderForTest, restore, SETTINGS, siteForTest, userOf } from './site.ts';

const utf8 = new TextEncoder();

/** Makes an archive with an image, and a way to try changed ones. */
async function archiveForTest() {
  const site = await siteForTest();
  const { access_token: token } = await userOf(site, { tier: 'enterprise' });
  await uploaded(site, { token }, fixture('baseline.jpg'));
  const folder = await folderForTest();
  const file = join(folder, 'backup.tar');
  expect(await backUp(site, file)).toMatchObject({ code: 0 });
  await site.server.end('SIGTERM');
  const bytes = await readFile(file);
  const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };

  /** Expects that an archive is refused. */
  async function expectRefused(changed: Uint8Array, reason: RegExp): Promise<void> {
    await writeFile(file, changed);
    const read = readArchive(file, {}, new AbortController().signal);
    await expect(read).rejects.toThrow(ArchiveUnusable);
    await expect(read).rejects.toThrow(reason);
  }

  /** Expects that the command refuses an archive in one line, and writes nothing. */
  async function expectUntouched(changed: Uint8Array, reason: RegExp, settings = {}) {
    await writeFile(file, changed);
    const refused = await restore({ ...environment, ...settings }, file);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tally: the archive cannot be used: [^\n]*\n$/);
    expect(refused.stderr).toMatch(reason);
    expect(await readdir(folder)).toEqual(['backup.tar']);
  }

  return { bytes, entries: await unpackTar(bytes), expectRefused, expectUntouched };
}

/** Packs members with checksums that fit them, as someone would who made an archive by hand. */
function packWithChecksums(entries: readonly Entry[]): Promise<Uint8Array> {
  const others = entries.filter(({ header }) => header.name !== 'SHA256SUMS');
  const lines = others.map(
    ({ header, data }) =>
      `${createHash('sha256')
        .update(data ?? '')
        .digest('hex')}  ${header.name}\n`,
  );
  return packTar([...others, entryOf('SHA256SUMS', lines.join(''))]);
}

function entryOf(name: string, content: string, header: Partial<Entry['header']> = {}): Entry {
  const data = utf8.encode(content) as Uint8Array<ArrayBuffer>;
  return { header: { name, size: data.length, ...header }, data };
}

function withManifest(entries: readonly Entry[], change: (manifest: never) => unknown): Entry[] {
  const manifest = JSON.parse(new TextDecoder().decode(entries[0]!.data));
  Object.assign(manifest, change(manifest as never));
  return [entryOf('manifest.json', JSON.stringify(manifest)), ...entries.slice(1)];
}

it('an archive with a changed byte or a missing end is refused, and changes nothing', {
  timeout: 120_000,
}, async () => {
  const { bytes, entries, expectRefused, expectUntouched } = await archiveForTest();
  const offsetOf = ({ data }: Entry) => bytes.indexOf(data!) + Math.floor(data!.length / 2);
  const image = entries.find(({ header }) => header.name.startsWith('files/'))!;
  const database = entries.find(({ header }) => header.name === 'database.sqlite')!;
  const flipped = (offset: number) => {
    const changed = Buffer.from(bytes);
    changed[offset]! ^= 1;
    return changed;
  };
  await expectUntouched(flipped(offsetOf(image)), new RegExp(`${image.header.name} is damaged`));
  await expectRefused(flipped(offsetOf(database)), /database\.sqlite is damaged/);
  await expectRefused(flipped(offsetOf(entries.at(-1)!)), /is damaged/);
  await expectRefused(flipped(10), /it does not begin with the manifest|it is damaged/);
  await expectUntouched(bytes.subarray(0, offsetOf(image)), /damaged|cut off/);
  const cuts = [0, 100, 600, bytes.indexOf(database.data!) + 1000];
  for (const cut of [...cuts, offsetOf(entries.at(-1)!)]) {
    await expectRefused(bytes.subarray(0, cut), /damaged|cut off/);
  }
});

it('an archive of something else is refused, and changes nothing', {
  timeout: 120_000,
}, async () => {
  const { entries, expectRefused, expectUntouched } = await archiveForTest();
  await expectUntouched(Buffer.from('PK\x03\x04 no tar at all'), /no tar archive/);
  await expectRefused(await packTar([entryOf('a', 'b')]), /does not begin with the manifest/);
  const evil = [
    entryOf('../../evil', 'x'),
    entryOf('/tmp/evil', 'x'),
    entryOf('files/images/../../evil', 'x'),
    entryOf('files/installation/other', 'x'),
    entryOf('keys/signing-keys.json', '', { type: 'symlink', linkname: '/etc/passwd' }),
    entryOf('files/images/ab/c', '', { type: 'link', linkname: 'manifest.json' }),
    entryOf('files/images/', '', { type: 'directory' }),
    entryOf('database.sqlite', 'twice'),
    entryOf('database.dump', 'of a server'),
  ];
  for (const entry of evil) {
    const changed = [...entries.slice(0, -1), entry];
    await expectRefused(await packWithChecksums(changed), /a backup has no member/);
  }
  const others = entries.filter(({ header }) => header.name !== 'keys/link-keys.json');
  await expectRefused(await packWithChecksums(others), /it has no keys\/link-keys\.json/);
});

it('an archive of a newer version, or for another database, is refused', {
  timeout: 60_000,
}, async () => {
  const { entries, expectRefused, expectUntouched } = await archiveForTest();
  const newer = withManifest(entries, ({ migrations }: { migrations: string[] }) => ({
    version: '9.0.0',
    migrations: [...migrations, '9999-of-tomorrow'],
  }));
  await expectUntouched(
    await packWithChecksums(newer),
    /a newer version .* \(9\.0\.0; .* 9999-of-tomorrow/,
  );
  const other = withManifest(entries, () => ({ format: 'tally-backup-2' }));
  await expectRefused(await packWithChecksums(other), /a newer version/);
  // The command prints the version, and a terminal would obey it.
  for (const change of [{ migrations: 5 }, { version: '\u001b[31m' }]) {
    const broken = withManifest(entries, () => change);
    await expectRefused(await packWithChecksums(broken), /its manifest is not that of a backup/);
  }
  await expectUntouched(
    await packTar(entries),
    /its database is sqlite, and that of DATABASE_URL postgres/,
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' },
  );
});
