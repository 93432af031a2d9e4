import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { type ImageServer, startImageServer, untilAnswers } from './lib/image-server.ts';
import { memoryOf } from './lib/servers.ts';
import { median, pairedRatio } from './lib/statistics.ts';

const USAGE = `Usage: npm run bench:images -- [--rounds N] [--uploads N] [--seconds N]

Uploads of a photograph of 6 megapixels (thumbnails 200 and 400 px high), thumbnails served, and what a
health check notices, beside what a person would otherwise pick. Each round measures every contender
once, in turn; figures are medians, ratios are medians of the rounds' ratios.
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
/** Debian's own, which has the package python3-pil. */
const PYTHON = '/usr/bin/python3';

if (options.help) {
  process.stdout.write(USAGE);
} else {
  const server = await startImageServer();
  try {
    await measureUploads(server);
    await measureServing(server);
  } finally {
    await server.stop();
  }
}

async function measureUploads(server: ImageServer): Promise<void> {
  const image = readFileSync(PHOTOGRAPH);
  const contenders: Record<string, () => Promise<number>> = {
    tally: () => runAtOnce(cores * 4, () => server.upload(image)),
    'sharp alone': () => runAtOnce(cores, () => makeThumbnails(image)),
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
    'peak memory of tally, MiB': memoryOf(server).peak.toFixed(0),
  });
}

/** Seconds that it takes to run a task `count` times, so many at once. */
async function runAtOnce(atOnce: number, task: () => Promise<unknown>): Promise<number> {
  let left = count;
  const started = performance.now();
  const work = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (performance.now() - started) / 1000;
}

/** As the documentation of sharp shows it, with the same checks and quality. */
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
  const port = 18_202;
  const child: ChildProcess = spawn(
    process.execPath,
    [here('contenders/static.ts'), file, String(port)],
    { stdio: 'inherit' },
  );
  const others = `http://127.0.0.1:${port}/thumbnail`;
  try {
    await untilAnswers(others);
    const rates: { tally: number[]; others: number[] } = { tally: [], others: [] };
    const headers = { authorization: `Bearer ${server.token}` };
    await fire(`${server.url}${path}`, headers);
    await fire(others);
    for (let round = 0; round < rounds; round++) {
      rates.tally.push(await fire(`${server.url}${path}`, headers));
      rates.others.push(await fire(others));
    }
    console.table({
      'thumbnails/s, tally (token, tier and owner checked)': median(rates.tally).toFixed(0),
      'thumbnails/s, @fastify/static': median(rates.others).toFixed(0),
      'tally ÷ @fastify/static': pairedRatio(rates.tally, rates.others).toFixed(2),
    });
  } finally {
    child.kill('SIGKILL');
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
