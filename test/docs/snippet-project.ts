import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../helpers/process.ts';
import type { Snippet } from './snippets.ts';

const run = promisify(execFile);

/** Sets what examples take for granted: a client that is signed in, a product's id, and some of a page. */
const PRELUDE = `
import { openAsBlob } from 'node:fs';
import { Tally as Client } from 'tally-client';

declare global {
  var Tally: typeof Client;
  var tally: Client;
  var baseUrl: string;
  var token: string;
  var id: string;
  var input: { files: [File] };
  var bar: HTMLElement;
}
const { BASE_URL = '', TOKEN = '', PRODUCT = '' } = process.env;
const page = {
  Tally: Client,
  tally: new Client({ baseUrl: BASE_URL, token: TOKEN }),
  baseUrl: BASE_URL,
  token: TOKEN,
  id: PRODUCT,
  input: { files: [new File([await openAsBlob('photo.jpg')], 'photo.jpg')] },
  bar: { style: { setProperty: () => undefined } },
  document: { price: 1 },
};
Object.assign(globalThis, page);
`;

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'nodenext',
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  skipLibCheck: true,
  outDir: 'out',
};

export interface Program {
  snippet: Snippet;
  /** The compiled example. */
  javascript: string;
}

/** A package that has the client installed as its users have it. */
export interface SnippetProject {
  /** Folder with the commands of the client. */
  bin: string;
  /** A module to import before an example. */
  prelude: string;
  /** Compiles examples. @throws with the compiler's messages, if types do not fit */
  compile(snippets: Snippet[]): Promise<Program[]>;
  /** Writes a program that can import the client, and returns its path. */
  write(name: string, javascript: string): Promise<string>;
  remove(): Promise<void>;
}

/** Builds the client in a folder of its own, from which the packages of the checkout can be imported too. */
export async function createSnippetProject(): Promise<SnippetProject> {
  const folder = await mkdtemp(join(root, 'node_modules/.snippets-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    return { ...(await installClient(folder)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function installClient(folder: string): Promise<Omit<SnippetProject, 'remove'>> {
  const client = join(folder, 'node_modules/tally-client');
  await cp(join(root, 'generated-client'), client, {
    recursive: true,
    filter: (path) => !/generated-client\/(dist|node_modules)$/.test(path),
  });
  await run('npm', ['run', 'build', '--loglevel=error'], { cwd: client });
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  return {
    bin: await linkCommands(folder, client),
    prelude: join(folder, 'out/prelude.js'),
    compile: (snippets) => compile(folder, snippets),
    async write(name, javascript) {
      const path = join(folder, 'out', name);
      await writeFile(path, javascript);
      return path;
    },
  };
}

async function linkCommands(folder: string, client: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const manifest = JSON.parse(await readFile(join(client, 'package.json'), 'utf8'));
  for (const [name, path] of Object.entries<string>(manifest.bin ?? {})) {
    const script = `#!/bin/sh\nexec "${process.execPath}" "${join(client, path)}" "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
  return bin;
}

async function compile(folder: string, snippets: Snippet[]): Promise<Program[]> {
  await writeFile(join(folder, 'prelude.ts'), PRELUDE);
  const names = snippets.map(({ place }) => place.replace(/[^\w]/g, '-'));
  for (const [i, { code }] of snippets.entries()) {
    await writeFile(join(folder, `${names[i]}.ts`), `${code}\nexport {};\n`);
  }
  const project = { compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
  return Promise.all(
    snippets.map(async (snippet, i) => ({
      snippet,
      javascript: await readFile(join(folder, `out/${names[i]}.js`), 'utf8'),
    })),
  );
}
