import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import sharp, { type Sharp } from 'sharp';
import { memoryOf } from '../test/helpers/process-usage.ts';
import { type ImageServer, startImageServer } from './lib/image-server.ts';
import { latencyDuring } from './lib/latency.ts';
import { measureInTurn, median, pairedRatio } from './lib/measure.ts';
import { startOther } from './lib/servers.ts';

const USAGE = `Usage: npm run bench:images -- [--rounds N] [--uploads N] [--seconds N]

Measures uploads of photographs (thumbnails 200 and 400 px high), the latency of health checks during others, and
downloads of thumbnails, beside the usual alternatives. Of the larger photographs, fewer are uploaded. Each round
measures every contender once, in turn; figures are medians, ratios are medians of the ratios of the rounds.
`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    uploads: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const count = Number(options.uploads);
const cores = availableParallelism();
const PHOTOGRAPH = fileURLToPath(
  new URL('../node_modules/jpeg-exif/test/IMG_0001.JPG', import.meta.url),
);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The system's Python, for which Debian has the package python3-pil. */
const PYTHON = '/usr/bin/python3';

if (options.help) {
  process.stdout.write(USAGE);
} else {
  const server = await startImageServer();
  try {
    await measureUploads(server);
    await measureLatency(server);
    await measureServing(server);
  } finally {
    await server.close();
  }
}

async function measureUploads(server: ImageServer): Promise<void> {
  const jpeg = readFileSync(PHOTOGRAPH);
  const large = await tiled(jpeg).jpeg({ quality: 92 }).toBuffer();
  const png = await sharp(large).resize(3464).png().toBuffer();
  const pillow = startPillow();
  const others = pillow && {
    Pillow: () => pillow.run('plain'),
    'Pillow, draft': () => pillow.run('draft'),
  };
  await compareUploads(server, { name: 'JPEG, 6 megapixels', image: jpeg, uploads: count, others });
  pillow?.stop();
  const fewer = Math.ceil(count / 2);
  await compareUploads(server, { name: 'JPEG, 24 megapixels', image: large, uploads: fewer });
  const few = Math.ceil(count / 5);
  await compareUploads(server, { name: 'PNG, 12 megapixels', image: png, uploads: few });
}

interface Comparison {
  name: string;
  image: Buffer;
  /** Uploads of each round. */
  uploads: number;
  /** Other contenders; each returns its seconds. */
  others?: Record<string, () => Promise<number>> | undefined;
}

async function compareUploads(
  server: ImageServer,
  { name, image, uploads, others }: Comparison,
): Promise<void> {
  const contenders: Record<string, () => Promise<number>> = {
    tally: () => runConcurrently(cores * 4, uploads, () => server.upload(image)),
    'sharp alone': () => runConcurrently(cores, uploads, () => makeThumbnails(image)),
    ...others,
  };
  const perSecond = await measureInTurn(
    rounds,
    Object.values(contenders),
    async (run) => uploads / (await run()),
  );
  console.table(
    Object.keys(contenders).map((contender, index) => ({
      [name]: contender,
      'images/s': median(perSecond[index]!).toFixed(1),
      'tally ÷ this': pairedRatio(perSecond[0]!, perSecond[index]!).toFixed(2),
    })),
  );
}

/** Measures health checks, during uploads that do not count, because the checks slow them down. */
async function measureLatency(server: ImageServer): Promise<void> {
  const image = readFileSync(PHOTOGRAPH);
  const [idle, busy] = await measureInTurn(
    rounds,
    [
      () => new Promise((done) => setTimeout(done, 3000)),
      () => runConcurrently(cores * 4, count, () => server.upload(image)),
    ],
    (task) => latencyDuring(server, task),
  );
  const more = busy!.map((value, index) => value - idle![index]!);
  console.table({
    'p99 of /health/live, idle, ms': median(idle!).toFixed(1),
    'during uploads, ms': median(busy!).toFixed(1),
    'more, ms': median(more).toFixed(1),
    'peak memory of tally, MiB': (memoryOf(server).peak / 2 ** 20).toFixed(0),
  });
}

/** Returns a photograph of twice the width and height, as detailed as the given one. */
function tiled(image: Buffer): Sharp {
  const side = 2448 * 2;
  return sharp({
    create: { width: side, height: side, channels: 3, background: 'black' },
  }).composite([{ input: image, tile: true }]);
}

/** Returns the seconds that `runs` of a task take, with the given concurrency. */
async function runConcurrently(
  concurrency: number,
  runs: number,
  task: () => Promise<unknown>,
): Promise<number> {
  let left = runs;
  const started = performance.now();
  const work = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return (performance.now() - started) / 1000;
}

/** Makes thumbnails as in the documentation of sharp, with the checks and quality of Tally, in the format of the image. */
function makeThumbnails(image: Buffer): Promise<Buffer[]> {
  return Promise.all(
    [200, 400].map((height) =>
      sharp(image, { failOn: 'warning' })
        .autoOrient()
        .resize({ height, withoutEnlargement: true })
        .jpeg({ mozjpeg: true, force: false })
        .toBuffer(),
    ),
  );
}

function startPillow() {
  if (spawnSync(PYTHON, ['-c', 'import PIL']).status !== 0) {
    console.warn('Pillow is missing (Debian: python3-pil), so it is not measured.');
    return undefined;
  }
  const child = spawn(PYTHON, [here('contenders/thumbnails.py'), PHOTOGRAPH, String(cores)]);
  const lines = createInterface(child.stdout);
  return {
    async run(kind: string): Promise<number> {
      child.stdin.write(`${kind} ${count}\n`);
      const [line] = await once(lines, 'line');
      return Number(line);
    },
    stop: () => child.stdin.end(),
  };
}

async function measureServing(server: ImageServer): Promise<void> {
  const { id } = await server.upload(readFileSync(PHOTOGRAPH));
  const path = `/images/${id}/200px`;
  const file = join(server.dataDir, 'thumbnail.jpg');
  writeFileSync(file, await server.download(path));
  const others = await startOther('static.ts', file);
  try {
    const [ours, theirs] = await measureInTurn(
      rounds,
      [() => fire(`${server.url}${path}`, server.headers), () => fire(`${others.url}/thumbnail`)],
      (measure) => measure(),
    );
    console.table({
      'thumbnails/s, tally (token, tier and owner checked)': median(ours!).toFixed(0),
      'thumbnails/s, @fastify/static': median(theirs!).toFixed(0),
      'tally ÷ @fastify/static': pairedRatio(ours!, theirs!).toFixed(2),
    });
  } finally {
    await others.close();
  }
}

async function fire(url: string, headers: Record<string, string> = {}): Promise<number> {
  const result = await autocannon({
    url,
    headers,
    connections: 20,
    duration: Number(options.seconds),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed under load`);
  return result.requests.average;
}
