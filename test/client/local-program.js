/**
 * Sums in the runtime that runs it, and prints what came of it as JSON. Its arguments are the file of the published vectors,
 * and a file of JSON Lines.
 */
import * as fs from 'node:fs';
import { DocumentFault, sum } from 'tally-client/local';

const [vectorsFile, linesFile] = process.argv.slice(2);
const encode = (text) => new TextEncoder().encode(text);
const decode = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function outcomeOf({ document, document_base64, format, include, collapse, key, limits }) {
  const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const changed = Object.entries(limits ?? {}).map(([name, value]) => [camelCase(name), value]);
  const source = document === undefined ? decode(document_base64) : encode(document);
  const options = { format, include, collapse, key, limits: Object.fromEntries(changed) };
  try {
    return await sum(source, options);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    const { code, offset, line } = error;
    return { code, offset, line };
  }
}

const outcomes = [];
for (const vector of JSON.parse(fs.readFileSync(vectorsFile, 'utf8')).cases) {
  outcomes.push(await outcomeOf(vector));
}

const stream = () => new Blob(['[1,', '2]']).stream();
const sources = {
  text: '[1,2]',
  bytes: encode('[1,2]'),
  buffer: encode('[1,2]').buffer,
  blob: new Blob(['[1', encode(',2]')]),
  file: new File(['[1,2]'], 'three.json'),
  stream: stream(),
  pieces: [encode('[1,'), encode('2]')],
  later: (async function* () {
    yield encode('[1,2]');
  })(),
};
const digests = {};
for (const [name, source] of Object.entries(sources)) {
  digests[name] = (await sum(source)).sha256;
}

const heard = [];
const files = [
  await sum(fs.createReadStream(linesFile), { format: 'lines', onProgress: (n) => heard.push(n) }),
  await sum(await fs.openAsBlob(linesFile), { format: 'lines' }),
];

const large = new Uint8Array(200_000_000).fill(0x31);
for (let i = 7; i < large.length; i += 8) large[i] = 0x0a;
let last = performance.now();
let longestTurn = 0;
const timer = setInterval(() => {
  longestTurn = Math.max(longestTurn, performance.now() - last);
  last = performance.now();
}, 1);
const started = performance.now();
const { count } = await sum(large, { format: 'lines', include: ['count'] });
const ended = performance.now();
const elapsed = ended - started;
longestTurn = Math.max(longestTurn, ended - last);
clearInterval(timer);

const reason = new Error('enough');
const controller = new AbortController();
setTimeout(() => controller.abort(reason), 20);
const { signal } = controller;
const failure = await sum(large, { format: 'lines', signal }).catch((error) => error);

console.log(
  JSON.stringify({
    outcomes,
    digests,
    files,
    bytes: heard.at(-1),
    count,
    elapsed,
    longestTurn,
    isAborted: failure === reason,
  }),
);
