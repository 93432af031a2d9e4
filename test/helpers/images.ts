import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { createStore } from '../../src/features/accounts/store.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import { expectJson, register, send, signIn } from './accounts.ts';
import type { TestServer } from './server.ts';

/** Reads a picture made by other software, listed in `test/fixtures/images/README.md`. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));
}

/** A photograph of 2,448 × 2,448 pixels, taken with an upright telephone, with GPS coordinates in its EXIF data. */
export const PHOTOGRAPH = join(
  dirname(createRequire(import.meta.url).resolve('jpeg-exif/package.json')),
  'test/IMG_0001.JPG',
);

export interface ImageView {
  id: string;
  created: string;
  images: {
    size: string;
    url: string;
    width: number;
    height: number;
    format: string;
    bytes: number | null;
  }[];
  link?: { url: string; size: string; expires: string };
}

export interface TestUser {
  id: string;
  username: string;
  token: string;
}

/** Creates an account of the given tier and role, and signs in. */
export async function userWith(
  server: TestServer,
  { tier = 'basic', role = 'user' }: { tier?: string; role?: string } = {},
): Promise<TestUser> {
  const account = await register(server);
  const { accounts } = createStore(server.app.database.as<AccountTables>());
  await accounts.update(account.id, { tier, role });
  const { access_token: token } = await signIn(server, account);
  return { id: account.id, username: account.username, token };
}

export interface UploadForm {
  image: Uint8Array;
  name?: string;
  type?: string;
  fields?: Record<string, string>;
  headers?: Record<string, string>;
}

export function upload(
  { url }: { url: string },
  token: string | undefined,
  { image, name = 'picture.jpg', type = 'image/jpeg', fields = {}, headers = {} }: UploadForm,
): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('image', new Blob([image as Uint8Array<ArrayBuffer>], { type }), name);
  return fetch(`${url}/images`, {
    method: 'POST',
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: form,
  });
}

/** Uploads an image, which must be accepted. */
export function uploaded(
  server: { url: string },
  { token }: { token: string },
  image: Uint8Array,
  fields: Record<string, string> = {},
): Promise<ImageView> {
  return expectJson<ImageView>(upload(server, token, { image, fields }), 201);
}

/** Downloads one size of an image, which must exist. */
export async function download(
  server: { url: string },
  { token }: { token: string },
  id: string,
  size: string,
): Promise<Buffer> {
  const response = await send(server, 'GET', `/images/${id}/${size}`, { token });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

export const sizesIn = ({ images }: ImageView) => images.map(({ size }) => size);

/** Lists the files in the storage of a server, which must be a folder, without the mark of the installation. */
export function storedFiles({ config }: TestServer): string[] {
  const { storage } = config;
  if (storage.kind !== 'file') throw new Error('the storage is no folder');
  return readdirSync(storage.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(storage.folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('objects/installation/'));
}

/** Returns the address of a size of an image. */
export function urlOf({ images }: ImageView, size: string): string {
  const found = images.find((one) => one.size === size);
  if (!found) throw new Error(`the image has no ${size}`);
  return found.url;
}
