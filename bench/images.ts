import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { memoryOf } from '../test/helpers/process-usage.ts';
import { type ImageServer, startImageServer } from './lib/image-server.ts';
import { measureInTurn, median, pairedRatio } from './lib/measure.ts';
import { startOther } from './lib/servers.ts';

const USAGE = `Usage: npm run bench:images -- [--rounds N] [--uploads N] [--seconds N]

Measures uploads of a photograph of 6 megapixels (thumbnails 200 and 400 px high), the latency of health checks
meanwhile, and downloads of thumbnails, beside the usual alternatives. Each round measures every contender once, in
turn; figures are medians, ratios are medians of the ratios of the rounds.
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
    await measureServing(server);
  } finally {
    await server.close();
  }
}

async function measureUploads(server: ImageServer): Promise<void> {
  const image = readFileSync(PHOTOGRAPH);
  const contenders: Record<string, () => Promise<number>> = {
    tally: () => runConcurrently(cores * 4, () => server.upload(image)),
    'sharp alone': () => runConcurrently(cores, () => makeThumbnails(image)),
  };
  const pillow = startPillow();
  if (pillow) {
    contenders.Pillow = () => pillow.run('plain');
    contenders['Pillow, draft'] = () => pillow.run('draft');
  }
  const perSecond: Record<string, number[]> = {};
  const latency: { idle: number[]; busy: number[] } = { idle: [], busy: [] };
  for (const run of Object.values(contenders)) await run();
  for (let round = 0; round < rounds; round++) {
    latency.idle.push(
      await latencyDuring(server, () => new Promise((done) => setTimeout(done, 3000))),
    );
    for (const [name, run] of Object.entries(contenders)) {
      let seconds = 0;
      const measure = async () => {
        seconds = await run();
      };
      if (name === 'tally') latency.busy.push(await latencyDuring(server, measure));
      else await measure();
      perSecond[name] = [...(perSecond[name] ?? []), count / seconds];
    }
  }
  pillow?.stop();
  const ours = perSecond.tally!;
  console.table(
    Object.entries(perSecond).map(([name, values]) => ({
      contender: name,
      'images/s': median(values).toFixed(1),
      'tally ÷ this': pairedRatio(ours, values).toFixed(2),
    })),
  );
  const more = latency.busy.map((value, index) => value - latency.idle[index]!);
  console.table({
    'p99 of /health/live, idle, ms': median(latency.idle).toFixed(1),
    'during uploads, ms': median(latency.busy).toFixed(1),
    'more, ms': median(more).toFixed(1),
    'peak memory of tally, MiB': (memoryOf(server).peak / 2 ** 20).toFixed(0),
  });
}

/** Returns the seconds that `count` runs of a task take, with the given concurrency. */
async function runConcurrently(concurrency: number, task: () => Promise<unknown>): Promise<number> {
  let left = count;
  const started = performance.now();
  const work = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return (performance.now() - started) / 1000;
}

/** Makes thumbnails as in the documentation of sharp, with the checks and quality of Tally. */
function makeThumbnails(image: Buffer): Promise<Buffer[]> {
  return Promise.all(
    [200, 400].map((height) =>
      sharp(image, { failOn: 'warning' })
        .autoOrient()
        .resize({ height, withoutEnlargement: true })
        .jpeg({ mozjpeg: true })
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

async function latencyDuring({ url }: ImageServer, task: () => Promise<unknown>): Promise<number> {
  const child = spawn(process.execPath, [here('contenders/latency.ts'), `${url}/health/live`]);
  const answer = once(child.stdout, 'data');
  await task();
  child.stdin.end();
  return Number(await answer);
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
