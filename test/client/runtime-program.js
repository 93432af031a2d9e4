/** Uses the installed package in any runtime, and prints what it got: `program BASE_URL TOKEN PICTURE DOCUMENT SILENT_URL`. */
import { createReadStream, openAsBlob, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { ApiError, Tally } from 'tally-client';

const argument = (index) => globalThis.process.argv[index + 2];
const [baseUrl, token, picture, document, silentUrl] = [0, 1, 2, 3, 4].map(argument);
const told = [];
const onResponse = (attempt) => void told.push(attempt);
const tally = new Tally({ baseUrl, token, retries: 0, onResponse });
const bytes = readFileSync(picture);
const half = bytes.length >> 1;

async function* inHalves() {
  yield bytes.subarray(0, half);
  yield bytes.subarray(half);
}

const sources = {
  path: () => picture,
  'path with progress': () => picture,
  'opened file': () => openAsBlob(picture),
  'composed file': async () => new Blob([await openAsBlob(picture)]),
  'read stream': () => createReadStream(picture),
  'web stream': () => new Blob([bytes]).stream(),
  iterable: inHalves,
  bytes: () => bytes,
};
const uploads = {};
const ids = [];
for (const [name, open] of Object.entries(sources)) {
  let loaded = 0;
  const onProgress = (progress) => {
    loaded = progress.loaded;
  };
  try {
    const options = name === 'path with progress' ? { onProgress } : {};
    const { id, images } = await tally.images.upload(await open(), options);
    const original = await tally.images.download(id, 'original');
    ids.push(id);
    uploads[name] = [images.length, original.size === bytes.length, loaded > bytes.length];
  } catch (error) {
    uploads[name] = String(error);
  }
}

let streamed = 0;
const stream = await tally.images.stream(ids[0], 'original');
for (const reader = stream.getReader(); ; ) {
  const { done, value } = await reader.read();
  if (done) break;
  streamed += value.length;
}

const listed = [];
for await (const { id } of tally.images.list({ limit: 3 })) listed.push(id);
for (const id of ids) await tally.images.delete(id);

const guest = new Tally({ baseUrl });
await guest.authenticate('ada', 'secret');
const digests = [
  await guest.sum(await openAsBlob(document)),
  await guest.sum(createReadStream(document)),
  await guest.sum(new Blob([readFileSync(document)]).stream()),
];

/** Returns the name of an error and tells whether its stack leads to this file. */
async function failureOf(call) {
  try {
    await call();
  } catch (error) {
    const isTraced = error.stack.includes('runtime-program.js');
    return [error.name, error instanceof ApiError ? error.code : '', isTraced];
  }
}
const lost = new Tally({ baseUrl: 'http://localhost:9', token, retries: 0, onResponse });
const mute = new Tally({ baseUrl: silentUrl, token, retries: 0, timeout: 50, onResponse });
const refusals = [];
for (const call of [
  () => tally.images.get('00000000-0000-4000-8000-000000000000'),
  () => tally.images.upload(new Blob(['<svg/>'])),
  () => lost.images.followLink('l1nk-t0ken'),
  () => lost.products.list({ search: 's3arched' }),
  () => mute.health.checkReadiness(),
]) {
  refusals.push(await failureOf(call));
}

const shown = inspect(told, { depth: Infinity, showHidden: true, maxStringLength: null });
const leaked = [token, 'l1nk-t0ken', 's3arched'].filter((secret) => shown.includes(secret));
console.log(
  JSON.stringify({
    uploads,
    isStreamed: streamed === bytes.length,
    areListed: ids.every((id) => listed.includes(id)),
    digests,
    refusals,
    leaked,
  }),
);
