import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';

it('is below 40 KB in a page, minified and compressed', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'generated-client/src/local.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outdir: 'out',
  });
  const bytes = outputFiles.map(({ contents }) => gzipSync(contents).length);
  expect(bytes.reduce((a, b) => a + b)).toBeLessThan(40_000);
  console.info(`tally-client/local: ${bytes.join(' + ')} bytes`);
});
