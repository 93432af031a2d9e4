import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';

it('is below 40 KB with its worker, minified and compressed', async () => {
  const source = join(root, 'generated-client/src');
  const { outputFiles } = await build({
    entryPoints: [join(source, 'local.ts'), join(source, 'local/local-worker.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outdir: 'out',
  });
  const [page, worker] = outputFiles.map(({ contents }) => gzipSync(contents).length);
  console.info(`tally-client/local: ${page} bytes, and its worker ${worker} bytes`);
  expect(page! + worker!).toBeLessThan(40_000);
});
