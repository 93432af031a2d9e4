import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { memoryOf } from '../test/helpers/process-usage.ts';
import { geometricMean, measureInTurn, median, pairedRatio } from './lib/measure.ts';
import { send } from './lib/requests.ts';
import { type Contender, startOther, startTallyForGuest } from './lib/servers.ts';

const USAGE = `Usage: scripts/bench http -- [--megabytes N] [--rounds N] [--seconds N] [FILE ...]

Measures POST /sum over loopback, and the servers that one would otherwise write for it. Each round measures every
contender once, in turn; figures are medians, ratios are medians of the ratios of the rounds.
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const SMALL_DOCUMENT = '{"items":[1,2.5,3]}';

if (options.help) {
  process.stdout.write(USAGE);
} else {
  const files = positionals.length > 0 ? positionals : defaultFiles();
  await measureLargeDocuments(files);
  await measureSmallDocuments();
  await measureSmallAmongLarge(files[0]!);
  await measureStalledUploads();
}

/** Lists a document of mostly text and one of mostly numbers. */
function defaultFiles(): string[] {
  return ['@mdn/browser-compat-data/data.json', 'world-atlas/countries-10m.json'].map((file) =>
    fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url)),
  );
}

/** Returns an array of as many copies of the file as make up the size. All copies are one buffer. */
function repeatDocument(path: string): Buffer[] {
  const copy = Buffer.concat([readFileSync(path), Buffer.from(',')]);
  const times = Math.ceil((Number(options.megabytes) * 2 ** 20) / copy.length);
  return [Buffer.from('['), ...Array<Buffer>(times).fill(copy), Buffer.from('0]')];
}

function lengthOf(chunks: Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

async function measureLargeDocuments(files: string[]): Promise<void> {
  const rows: Record<string, unknown>[] = [];
  const ratios: Record<string, number[]> = {};
  for (const file of files) {
    const chunks = repeatDocument(file);
    const contenders = [
      await startTallyForGuest(),
      await startOther('servers.ts', 'drain'),
      await startOther('servers.ts', 'node-parse'),
      await startOther('servers.ts', 'fastify-parse'),
    ];
    const idle = contenders.map((contender) => memoryOf(contender).now);
    const times = await measureInTurn(rounds, contenders, async (contender) => {
      const { url, headers } = contender;
      const { status, ms } = await send('POST', `${url}/sum`, headers, chunks);
      if (status !== 200) throw new Error(`${contender.name} answered ${status}`);
      return ms;
    });
    for (const [index, contender] of contenders.entries()) {
      const ratio = pairedRatio(times[index]!, times[0]!);
      ratios[contender.name] = [...(ratios[contender.name] ?? []), ratio];
      rows.push({
        file: basename(file),
        MB: Math.round(lengthOf(chunks) / 1e6),
        contender: contender.name,
        'GB/s': (lengthOf(chunks) / 1e6 / median(times[index]!)).toFixed(2),
        'tally is faster by': ratio.toFixed(2),
        'RSS growth, MiB': Math.round((memoryOf(contender).peak - idle[index]!) / 2 ** 20),
      });
      await contender.close();
    }
  }
  console.log('Large documents');
  console.table(rows);
  for (const [name, values] of Object.entries(ratios)) {
    if (name === 'tally') continue;
    console.log(`tally / ${name}: ${geometricMean(values).toFixed(2)} (geometric mean)`);
  }
}

async function measureSmallDocuments(): Promise<void> {
  const tally = await startTallyForGuest();
  const bare = await startOther('servers.ts', 'fastify-parse');
  const contenders = [tally, { ...bare, headers: tally.headers }];
  const rates = await measureInTurn(
    rounds,
    contenders,
    async (contender) => (await sendSmall(contender)).requests.average,
  );
  console.log(
    `Small documents: ${SMALL_DOCUMENT.length} bytes; tally checks the token, bare Fastify receives it`,
  );
  console.table(
    contenders.map(({ name }, index) => ({
      contender: name,
      'documents/s': Math.round(median(rates[index]!)),
      'tally is faster by': pairedRatio(rates[0]!, rates[index]!).toFixed(2),
    })),
  );
  await Promise.all(contenders.map((contender) => contender.close()));
}

async function sendSmall({ url, headers }: Contender, connections = 32) {
  const result = await autocannon({
    url: `${url}/sum`,
    method: 'POST',
    headers,
    body: SMALL_DOCUMENT,
    connections,
    duration: Number(options.seconds),
  });
  if (result.non2xx > 0) throw new Error(`${result.non2xx} requests failed`);
  return result;
}

/** Measures the latency of small requests during four large uploads. */
async function measureSmallAmongLarge(file: string): Promise<void> {
  const chunks = repeatDocument(file);
  const contenders = [await startTallyForGuest(), await startOther('servers.ts', 'drain')];
  const p99 = await measureInTurn(rounds, contenders, async (contender) => {
    let going = true;
    const upload = async () => {
      const { url, headers } = contender;
      while (going) await send('POST', `${url}/sum`, headers, chunks);
    };
    const uploads = Promise.all([upload(), upload(), upload(), upload()]);
    const { latency } = await sendSmall(contender, 4);
    going = false;
    await uploads;
    return latency.p99;
  });
  console.log('Small documents while four large uploads run');
  console.table(
    contenders.map(({ name }, index) => ({
      contender: name,
      'p99, ms': median(p99[index]!),
      'tally waits longer by': (1 / pairedRatio(p99[index]!, p99[0]!)).toFixed(2),
    })),
  );
  await Promise.all(contenders.map((contender) => contender.close()));
}

async function measureStalledUploads(): Promise<void> {
  const uploads = 1000;
  const contender = await startTallyForGuest();
  await sendSmall(contender);
  const before = memoryOf(contender).now;
  const lines = ['POST /sum HTTP/1.1', 'host: localhost', 'content-length: 1000000'];
  const fields = Object.entries(contender.headers).map(([name, value]) => `${name}: ${value}`);
  const request = [...lines, ...fields, '', `[${'1.25,"text",'.repeat(5000)}`].join('\r\n');
  const sockets: Socket[] = [];
  for (let i = 0; i < uploads; i++) {
    const socket = connect(contender.port, '127.0.0.1');
    await new Promise((resolve) => socket.write(request, resolve));
    sockets.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const each = (memoryOf(contender).now - before) / 1024 / uploads;
  console.log(`${uploads} stalled uploads: ${each.toFixed(1)} KiB each`);
  for (const socket of sockets) socket.destroy();
  await contender.close();
}
