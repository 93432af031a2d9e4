import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { freePort } from '../test/helpers/free-port.ts';
import { mainThreadTimeOf } from '../test/helpers/process-usage.ts';
import { measureInTurn, median, pairedRatio, printTable } from './lib/measure.ts';
import { type Contender, NO_RATES, startTallyForGuest } from './lib/servers.ts';

const USAGE = `Usage: scripts/bench observability -- [--rounds N] [--seconds N]

Measures small documents at POST /sum with and without limits on requests and what watches the server, as documents
for each second of processor time of the event loop's thread. "neither" has no limits and no metrics; both are in the
last row. Each round measures every contender once, in turn; figures are medians, ratios are medians of the ratios of
the rounds.
`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else await measure();

async function measure(): Promise<void> {
  const contenders: Record<string, Contender> = {
    neither: await startTallyForGuest(NO_RATES),
    limits: await startTallyForGuest(),
    'limits, no slow log': await startTallyForGuest({ SLOW_REQUEST: '0', SLOW_STATEMENT: '0' }),
    metrics: await startTallyForGuest({ ...NO_RATES, METRICS_PORT: String(await freePort()) }),
    'limits and metrics': await startTallyForGuest({ METRICS_PORT: String(await freePort()) }),
  };
  const rates = await measureInTurn(Number(options.rounds), Object.values(contenders), sendSmall);
  const rows = Object.keys(contenders).map((name, index) => [
    name,
    String(Math.round(median(rates[index]!))),
    pairedRatio(rates[index]!, rates[0]!).toFixed(3),
  ]);
  printTable([['server', 'documents per processor second', 'of neither'], ...rows]);
  await Promise.all(Object.values(contenders).map((contender) => contender.close()));
}

async function sendSmall(contender: Contender): Promise<number> {
  const before = mainThreadTimeOf(contender);
  const { requests, non2xx } = await autocannon({
    url: `${contender.url}/sum`,
    method: 'POST',
    headers: contender.headers,
    body: '{"items":[1,2.5,3]}',
    connections: 32,
    duration: Number(options.seconds),
  });
  if (non2xx > 0) throw new Error(`${non2xx} requests failed`);
  return (requests.total * 1000) / (mainThreadTimeOf(contender) - before);
}
