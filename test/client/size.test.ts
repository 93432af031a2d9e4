import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';

const source = join(root, 'generated-client/src');

/** Returns the size of a program that imports the client, minified and compressed as web servers do. */
async function sizeOf(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return brotliCompressSync(outputFiles[0]!.contents).length;
}

const SIGN_IN_AND_SUM = `
import { TallyCore } from './index.ts';
const tally = new TallyCore({ baseUrl: 'http://localhost:8000' });
await tally.authenticate('ada', 'secret');
console.log(await tally.sum([1, 2]));
`;

it.each([
  ['everything', "export * from './index.ts';", 10 * 1024],
  ['signing in and computing a digest', SIGN_IN_AND_SUM, 6 * 1024],
])('%s is small, minified and compressed', async (name, program, limit) => {
  const size = await sizeOf(program);
  console.info(`${name}: ${size} bytes`);
  expect(size).toBeLessThan(limit);
});
