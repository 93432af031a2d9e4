import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { SERVER } from '../test/helpers/process.ts';
import { memoryOf, processorTimeOf } from '../test/helpers/process-usage.ts';
import { measureInTurn, median, pairedRatio } from './lib/measure.ts';
import { type Contender, startTallyForGuest } from './lib/servers.ts';

const USAGE = `Usage: scripts/bench workers -- [--rounds N] [--seconds N] [--connections N]

Measures small documents at POST /sum with one process, and with two workers, while the load comes from the same
processors: the processor time of a request, in all processes of the server, and the memory of each.
`;

const WORKERS = 2;
const SMALL_DOCUMENT = '{"items":[1,2.5,3]}';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else await measureWorkers();

async function measureWorkers(): Promise<void> {
  const one = await startTallyForGuest();
  const command = [...SERVER, '--greet'] as const;
  const several = await startTallyForGuest({ WORKERS: String(WORKERS) }, command);
  // The greeting comes once all workers listen.
  while (several.output.stdout === '') await setTimeout(100);
  const contenders = [one, several];
  const idle = contenders.map(memoryOfAll);
  const rates: number[][] = [[], []];
  const times = await measureInTurn(Number(options.rounds), contenders, async (contender) => {
    const before = processorTime(contender);
    const { requests, non2xx, errors } = await sendSmall(contender);
    if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests failed`);
    rates[contenders.indexOf(contender)]!.push(requests.average);
    return (processorTime(contender) - before) / requests.total;
  });
  console.table(
    contenders.map((contender, index) => ({
      processes: index === 0 ? 1 : `1 + ${WORKERS}`,
      'microseconds of processors per request': Math.round(median(times[index]!) * 1000),
      'ratio to one process': pairedRatio(times[index]!, times[0]!).toFixed(3),
      'requests/s': Math.round(median(rates[index]!)),
      'idle MiB': idle[index]!.join(' + '),
      'MiB after': memoryOfAll(contender).join(' + '),
    })),
  );
  await Promise.all(contenders.map((contender) => contender.close()));
}

function sendSmall({ url, headers }: Contender) {
  return autocannon({
    url: `${url}/sum`,
    method: 'POST',
    headers,
    body: SMALL_DOCUMENT,
    connections: Number(options.connections),
    duration: Number(options.seconds),
  });
}

function childrenOf({ child: { pid } }: Contender): { child: { pid: number } }[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return children
    .split(' ')
    .filter(Boolean)
    .map((text) => ({ child: { pid: Number(text) } }));
}

function processesOf(contender: Contender): Contender[] {
  return [contender, ...(childrenOf(contender) as Contender[])];
}

function processorTime(contender: Contender): number {
  return processesOf(contender).reduce((sum, each) => sum + processorTimeOf(each), 0);
}

/** Returns the resident memory of each process in MiB. */
function memoryOfAll(contender: Contender): number[] {
  return processesOf(contender).map((each) => Math.round(memoryOf(each).now / 2 ** 20));
}
