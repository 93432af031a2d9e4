import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../helpers/process.ts';
import { END_OF_BLOCK } from './session.ts';
import { isPartOfModule, type Snippet } from './snippets.ts';
import { python } from './tools.ts';

const run = promisify(execFile);

/** Lets a module wait for the next line of its input, before each of its blocks. */
const STEPS = `
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let isFirst = true;

export async function nextBlock() {
  if (!isFirst) console.log('${END_OF_BLOCK}0');
  isFirst = false;
  const { done } = await lines.next();
  if (done) process.exit();
}
`;

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'nodenext',
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  skipLibCheck: true,
  allowJs: true,
  outDir: 'out',
};

/** A package that has the client installed as its users have it. */
export interface SnippetProject {
  folder: string;
  /** Folder with the commands of the client. */
  bin: string;
  /** Returns the path of a page's compiled TypeScript, and undefined for a page without any. */
  moduleOf(file: string): string | undefined;
  remove(): Promise<void>;
}

/**
 * Installs the client in a folder of its own, from which the packages of the checkout can be imported too, and compiles
 * the TypeScript of each page as one module.
 *
 * @throws with the compiler's messages, if types do not fit
 */
export async function createSnippetProject(pages: Map<string, Snippet[]>): Promise<SnippetProject> {
  const folder = await mkdtemp(join(root, 'node_modules/.snippets-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    const bin = await installClient(folder);
    const modules = await compile(folder, pages);
    return { folder, bin, moduleOf: (file) => modules.get(file), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns the folder of the client's commands. */
async function installClient(folder: string): Promise<string> {
  const client = join(folder, 'node_modules/tally-client');
  for (const name of ['package.json', 'dist']) {
    await cp(join(root, 'generated-client', name), join(client, name), { recursive: true });
  }
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin);
  const manifest = JSON.parse(await readFile(join(client, 'package.json'), 'utf8'));
  for (const [name, path] of Object.entries<string>(manifest.bin)) {
    const script = `#!/bin/sh\nexec "${process.execPath}" "${join(client, path)}" "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
  if (python) await symlink(python, join(bin, 'python3'));
  return bin;
}

async function compile(
  folder: string,
  pages: Map<string, Snippet[]>,
): Promise<Map<string, string>> {
  await writeFile(join(folder, 'steps.js'), STEPS);
  const modules = new Map<string, string>();
  for (const [file, snippets] of pages) {
    const blocks = snippets.filter(isPartOfModule);
    if (blocks.length === 0) continue;
    const name = file.replace(/[^\w]/g, '-');
    const body = blocks.map(({ place, code }) => `await nextBlock(); // ${place}\n${code}`);
    const text = ["import { nextBlock } from './steps.js';", ...body, 'await nextBlock();', ''];
    await writeFile(join(folder, `${name}.ts`), text.join('\n'));
    modules.set(file, join(folder, `out/${name}.js`));
  }
  const project = { compilerOptions: COMPILER_OPTIONS, include: ['*.ts', '*.js'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
  return modules;
}
