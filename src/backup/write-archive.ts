import { createHash } from 'node:crypto';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createTarPacker } from 'modern-tar';
import { MEMBERS } from './manifest.ts';

export interface ArchiveWriter {
  /** Adds a member of exactly `size` bytes. */
  add(name: string, size: number, body: Readable): Promise<void>;
  addText(name: string, text: string): Promise<void>;
  /** Adds the checksums and resolves when everything is written. */
  finish(): Promise<void>;
}

interface WriterOptions {
  /** Modification time of all members. */
  created: Date;
  signal: AbortSignal;
  onBytes(count: number): void;
}

/** Writes a tar archive with the checksums of its members at its end, as a stream. */
export function createArchiveWriter(
  output: Writable,
  { created: mtime, signal, onBytes }: WriterOptions,
): ArchiveWriter {
  const { readable, controller } = createTarPacker();
  const written = pipeline(Readable.fromWeb(readable as never), output, { signal });
  // Its error is thrown by whatever is being added.
  written.catch(() => undefined);
  let checksums = '';

  async function addUnlisted(name: string, size: number, body: Readable): Promise<string> {
    const digest = createHash('sha256');
    const passing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk);
        onBytes(chunk.length);
        done(null, chunk);
      },
    });
    try {
      const target = Writable.fromWeb(controller.add({ name, size, mode: 0o600, mtime }) as never);
      await pipeline(body, passing, target, { signal });
    } catch (error) {
      body.destroy();
      controller.error(error);
      throw error;
    }
    return digest.digest('hex');
  }

  async function add(name: string, size: number, body: Readable): Promise<void> {
    checksums += checksumLine(await addUnlisted(name, size, body), name);
  }

  return {
    add,
    addText: (name, text) => add(name, Buffer.byteLength(text), Readable.from([Buffer.from(text)])),
    async finish() {
      const list = Buffer.from(checksums);
      await addUnlisted(MEMBERS.checksums, list.length, Readable.from([list]));
      controller.finalize();
      await written;
    },
  };
}

export const checksumLine = (sha256: string, name: string) => `${sha256}  ${name}\n`;
