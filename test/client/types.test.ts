import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../helpers/process.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { hasRuntimes, installRuntimes } from './runtimes.ts';

const run = promisify(execFile);

/** Uses what all runtimes have. */
const WEB_PROGRAM = `
import { type ImageFile, type SumDocument, Tally } from 'tally-client';
import { type LocalSource } from 'tally-client/local';

declare const tally: Tally;
interface Order { lines: { price: number }[]; note?: string }
declare const order: Order;
declare const bytes: Uint8Array;
declare const chunks: AsyncIterable<Uint8Array>;
declare const texts: AsyncIterable<string>;
declare const stream: ReadableStream<Uint8Array>;
declare const textStream: ReadableStream<string>;
declare const blob: Blob;
declare const opened: Promise<Blob>;
async function* generate() { yield bytes; }
class Invoice { #id = 1; total = 5n; id() { return this.#id; } }

export const documents: SumDocument[] = [
  order, { a: 1 }, { a: { toJSON: () => 1 } }, [order], [1, 2n, { three: [null] }], new Invoice(), Object.create(null) as object, 'text', 1, 2n, true, null,
  bytes, bytes.buffer as ArrayBuffer, blob, stream, chunks, generate(), { then: 'later' }, { then: { at: 1 } }, await opened,
  blob.stream(), new Uint8Array(2), Object.freeze([1] as const),
];
export const files: ImageFile[] = [bytes, bytes.buffer as ArrayBuffer, blob, stream, chunks, generate(), 'a.png', new URL('file:///a.png'), blob.stream()];
export const local: LocalSource[] = [bytes, blob, stream, chunks, generate(), '1', [bytes], blob.stream()];
() => [tally.sum({ a: 1, then: 5 }), tally.sum({ toJSON: () => 1 }), tally.sum(order), tally.sumDetails(stream), tally.images.upload(chunks)];
// @ts-expect-error It must be awaited.
() => tally.sum(opened);
// @ts-expect-error It must be awaited.
() => tally.sumDetails(opened);
// @ts-expect-error It must be awaited.
() => tally.images.upload(opened);
// @ts-expect-error Its chunks are no bytes.
() => tally.sum(texts);
// @ts-expect-error Its chunks are no bytes.
() => tally.sum(textStream);
// @ts-expect-error Its chunks are no bytes.
() => tally.images.upload(textStream);
// @ts-expect-error There is no JSON for it.
() => tally.sum(undefined);
// @ts-expect-error There is no JSON for it.
() => tally.sum(() => 1);
`;

/** Uses what only Node has. */
const NODE_PROGRAM = `
import { Blob as NodeBlob } from 'node:buffer';
import { createReadStream, openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ReadableStream as NodeStream } from 'node:stream/web';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { type ImageFile, type SumDocument, Tally } from 'tally-client';
import { type LocalSource } from 'tally-client/local';

declare const tally: Tally;
const read = createReadStream('a');
const web = Readable.toWeb(read);
const typed: NodeStream<Uint8Array> = new NodeStream<Uint8Array>();
const sources = [read, web, typed, new NodeBlob(['1']), new NodeBlob(['1']).stream(), read.pipe(createGzip()), Buffer.from('1'), process.stdin, await openAsBlob('a'), (await open('a')).readableWebStream(), (await open('a')).createReadStream()];
export const documents: SumDocument[] = sources;
export const files: ImageFile[] = [...sources, pathToFileURL('/a')];
export const local: LocalSource[] = [read, typed, Buffer.from('1')];
// @ts-expect-error It must be awaited.
() => tally.sum(openAsBlob('a'));
// @ts-expect-error It must be awaited.
() => tally.images.upload(openAsBlob('a'));
`;

let installed: InstalledPackage;
let olderCompiler: string | undefined;
beforeAll(async () => {
  installed = await installPackage();
  const { folder } = installed;
  await writeFile(join(folder, 'web.ts'), WEB_PROGRAM);
  await writeFile(join(folder, 'node.ts'), NODE_PROGRAM);
  // Types of other packages are looked for beside the program, as in a user's project.
  const types = join(folder, 'node_modules/@types');
  await mkdir(types, { recursive: true });
  await cp(join(root, 'node_modules/@types/node'), join(types, 'node'), { recursive: true });
  const undici = 'node_modules/undici-types';
  await cp(join(root, undici), join(folder, undici), { recursive: true });
  if (hasRuntimes) olderCompiler = (await installRuntimes()).typescript;
}, 180_000);
afterAll(() => installed?.remove());

const WEB = { lib: ['es2022', 'dom'], types: [], files: ['web.ts'] };
const NODE = { lib: ['es2022'], types: ['node'], files: ['web.ts', 'node.ts'] };

it.each([
  ['the types of browsers', WEB],
  ['the types of Node', NODE],
  ['both', { ...NODE, lib: ['es2022', 'dom'] }],
  ['all of both', { ...NODE, lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'] }],
])(
  'the types of sources are exact, and right themselves, with %s',
  async (_, options) => {
    const { files, ...others } = options;
    const compilerOptions = {
      ...others,
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const cwd = installed.folder;
    await writeFile(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const compilers = [join(root, 'node_modules/typescript/bin/tsc')];
    if (olderCompiler) compilers.push(olderCompiler);
    for (const compiler of compilers) {
      const { stdout } = await run(process.execPath, [compiler, '-p', '.'], { cwd }).catch(
        (e) => e,
      );
      expect(stdout, compiler).toBe('');
    }
  },
  60_000,
);
