import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable, Transform, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { ArchiveUnusable } from './errors.ts';
import {
  databaseMember,
  isMemberName,
  keyOf,
  type Manifest,
  MEMBERS,
  parseManifest,
} from './manifest.ts';
import { checksumLine } from './write-archive.ts';

/** Largest manifest, in bytes. */
const MAX_MANIFEST = 1024 ** 2;

export interface Visitor {
  /** Is called before all members; what it throws ends the reading. */
  manifest?(manifest: Manifest): void | Promise<void>;
  /** Reads the body of a member to its end. Its bytes are verified only when the whole archive has been read. */
  member?(name: string, body: Readable): Promise<void>;
  onBytes?(count: number): void;
}

/** A whole archive that has been read. */
export interface Content {
  manifest: Manifest;
  /** Number of files that the database refers to and the archive lacks, because the storage had lost them. */
  missingFiles: number;
}

/**
 * Reads an archive as a stream, and verifies every member against its checksums.
 *
 * @throws {ArchiveUnusable} if it is damaged, incomplete, or has members that no backup has
 */
export async function readArchive(
  path: string,
  visitor: Visitor,
  signal: AbortSignal,
): Promise<Content> {
  const decoder = createTarDecoder({ strict: true });
  const fed = pipeline(createReadStream(path), Writable.fromWeb(decoder.writable as never), {
    signal,
  });
  // Its error is that of the decoder.
  fed.catch(() => undefined);
  let refused = false;
  const members = createMembers({
    ...visitor,
    async manifest(manifest) {
      refused = true;
      await visitor.manifest?.(manifest);
      refused = false;
    },
  });
  try {
    for await (const { header, body } of decoder.readable) {
      const content = Readable.fromWeb(body as never);
      // The end of a body that nobody reads any more.
      content.on('error', () => undefined);
      await members.read(header, content);
    }
    return members.end();
  } catch (error) {
    signal.throwIfAborted();
    // Errors of files and of the storage have a code; those of the decoder have none.
    if (refused || error instanceof ArchiveUnusable || 'code' in (error as Error)) throw error;
    throw new ArchiveUnusable('it is damaged, or no tar archive', error);
  }
}

/** Checks the members of an archive in their order. */
function createMembers(visitor: Visitor) {
  const names = new Set<string>();
  let manifest: Manifest | undefined;
  let checksums = '';
  let isComplete = false;

  async function read({ name, size, type }: ParsedTarEntry['header'], body: Readable) {
    if (isComplete) throw new ArchiveUnusable('something follows its end');
    if (!manifest && (name !== MEMBERS.manifest || size > MAX_MANIFEST)) {
      throw new ArchiveUnusable('it does not begin with the manifest of a backup');
    }
    if (type !== 'file' || !isMemberName(name, manifest) || names.has(name)) {
      throw new ArchiveUnusable(`a backup has no member ${JSON.stringify(name)} of this kind`);
    }
    names.add(name);
    if (!manifest) {
      const first = await text(body);
      manifest = parseManifest(first);
      checksums += checksumLine(createHash('sha256').update(first).digest('hex'), name);
      return visitor.manifest?.(manifest);
    }
    if (name === MEMBERS.checksums) {
      isComplete = true;
      return compareChecksums(checksums, size === checksums.length ? await text(body) : '');
    }
    checksums += checksumLine(await visit(visitor, name, body), name);
  }

  return {
    read,
    end(): Content {
      if (!manifest || !isComplete) throw new ArchiveUnusable('it has no end: it was cut off');
      const missing = [databaseMember(manifest), ...manifest.keys].find((name) => !names.has(name));
      if (missing) throw new ArchiveUnusable(`it has no ${missing}`);
      const found = [...names].filter((name) => keyOf(name)).length;
      return { manifest, missingFiles: Math.max(0, (manifest.files?.count ?? 0) - found) };
    },
  };
}

/** Returns the SHA-256 of a member that a visitor has read. */
async function visit(visitor: Visitor, name: string, body: Readable): Promise<string> {
  const digest = createHash('sha256');
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      visitor.onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const read = visitor.member?.(name, passing) ?? passing.resume();
  const results = await Promise.allSettled([read, pipeline(body, passing)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return digest.digest('hex');
}

/** @throws {ArchiveUnusable} naming a member that differs */
function compareChecksums(actual: string, expected: string): void {
  if (actual === expected) return;
  const listed = new Set(expected.split('\n'));
  const damaged = actual.split('\n').find((line) => !listed.has(line));
  const name = damaged?.split('  ')[1] ?? MEMBERS.checksums;
  throw new ArchiveUnusable(
    expected === '' ? 'its checksums are not those of its members' : `${name} is damaged`,
  );
}
