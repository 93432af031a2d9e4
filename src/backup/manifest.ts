import { type Static, type TObject, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ArchiveUnusable } from './errors.ts';

/** The members of an archive, besides the files of the storage. */
export const MEMBERS = {
  /** The first member. */
  manifest: 'manifest.json',
  /** A whole SQLite database. */
  sqlite: 'database.sqlite',
  /** The output of a command that dumped the database of a server. */
  dump: 'database.dump',
  signingKeys: 'keys/signing-keys.json',
  linkKeys: 'keys/link-keys.json',
  /** The last member, which has a line for each other one, as sha256sum reads it. */
  checksums: 'SHA256SUMS',
} as const;

/** The folder of files of the storage. */
const FILES = 'files/';
const FILE = /^files\/(images(?:\/[a-z0-9-]+)+)$/;

export const memberOf = (key: string) => FILES + key;
/** Returns the key of an object in the storage whose member has that name; undefined for other names. */
export const keyOf = (name: string): string | undefined => FILE.exec(name)?.[1];

const FORMAT = 'tally-backup-1';
const Count = Type.Integer({ minimum: 0 });

const ManifestSchema = Type.Object({
  format: Type.Literal(FORMAT),
  /** The version of Tally that made the archive. */
  version: Type.String({ pattern: '^[\\w.+-]{1,64}$' }),
  /** Time at which the copy of the database began, in RFC 3339. */
  created: Type.String({ pattern: '^[\\dTZ:.-]{1,40}$' }),
  database: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres'), Type.Literal('mysql')]),
  migrations: Type.Array(Type.String({ pattern: '^[\\w-]{1,100}$' })),
  /** Id of the installation, which is in its storage too. */
  installation: Type.String({
    pattern: '^[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}$',
  }),
  /** Rows of each table, where the database is SQLite. */
  rows: Type.Optional(Type.Record(Type.String(), Count)),
  /** Files of the storage; null where they were left out. */
  files: Type.Union([Type.Object({ count: Count, bytes: Count }), Type.Null()]),
  /** Members with keys. */
  keys: Type.Array(Type.Union([Type.Literal(MEMBERS.signingKeys), Type.Literal(MEMBERS.linkKeys)])),
});

export type Manifest = Static<typeof ManifestSchema>;

export const newManifest = (members: Omit<Manifest, 'format'>): Manifest => ({
  format: FORMAT,
  ...members,
});

/** @throws {ArchiveUnusable} */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArchiveUnusable('its manifest is not JSON');
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === 'string' && /^tally-backup-\d+$/.test(format) && format !== FORMAT) {
    throw new ArchiveUnusable('a newer version of Tally made it; use that version');
  }
  if (!Value.Check(ManifestSchema as TObject, value)) {
    throw new ArchiveUnusable('its manifest is not that of a backup');
  }
  return value as Manifest;
}

export const databaseMember = ({ database }: Manifest): string =>
  database === 'sqlite' ? MEMBERS.sqlite : MEMBERS.dump;

/** Tells the names of an archive's members from any others, such as paths that lead out of a folder. */
export function isMemberName(name: string, manifest: Manifest | undefined): boolean {
  if (!manifest) return name === MEMBERS.manifest;
  if (keyOf(name)) return manifest.files !== null;
  return [databaseMember(manifest), ...manifest.keys, MEMBERS.checksums].includes(name);
}
