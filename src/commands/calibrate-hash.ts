import { commandLine } from '../command-line.ts';
import { loadConfig } from '../config.ts';
import { createPasswords, type HashSettings } from '../features/accounts/sign-in/passwords.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('calibrate-hash')}

Measures how long one password takes on this machine, and how many it checks per second, with the
current settings and with others. Costlier hashes make guessing harder for a thief of the database,
but let fewer people sign in at once. The settings are PASSWORD_MEMORY (KiB), PASSWORD_PASSES,
PASSWORD_LANES and PASSWORD_THREADS.

  --help  shows this text
`;

/** Equivalent settings of OWASP's Password Storage Cheat Sheet, and two that cost more. */
const CANDIDATES = [
  { memory: 9216, passes: 4, lanes: 1 },
  { memory: 12_288, passes: 3, lanes: 1 },
  { memory: 19_456, passes: 2, lanes: 1 },
  { memory: 47_104, passes: 1, lanes: 1 },
  { memory: 65_536, passes: 3, lanes: 1 },
  { memory: 131_072, passes: 3, lanes: 1 },
];
const MEASUREMENT_MS = 1000;

await runCommand({
  usage: USAGE,
  options: {},
  work: () => calibrate(loadConfig(process.env).accounts.hash),
});

async function calibrate(current: HashSettings): Promise<void> {
  process.stdout.write(
    `        memory  passes  lanes   ms each   per second (${current.threads} threads)\n`,
  );
  const { memory, passes, lanes } = current;
  for (const candidate of [{ memory, passes, lanes }, ...CANDIDATES]) {
    const { msEach, perSecond } = await measure({ ...current, ...candidate });
    const isCurrent =
      candidate.memory === memory && candidate.passes === passes && candidate.lanes === lanes;
    const cells = [
      (isCurrent ? 'now' : '').padEnd(4),
      `${candidate.memory}`.padStart(10),
      `${candidate.passes}`.padStart(8),
      `${candidate.lanes}`.padStart(7),
      msEach.toFixed(1).padStart(10),
      perSecond.toFixed(0).padStart(10),
    ];
    process.stdout.write(`${cells.join('')}\n`);
  }
}

/** Returns the milliseconds of one hash alone, and the hashes per second of all threads. */
async function measure(settings: HashSettings): Promise<{ msEach: number; perSecond: number }> {
  const passwords = await createPasswords(settings);
  const run = async (threads: number) => {
    const start = performance.now();
    let hashes = 0;
    const work = async () => {
      while (performance.now() - start < MEASUREMENT_MS) {
        await passwords.hash('correct horse battery staple');
        hashes++;
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    return (performance.now() - start) / hashes;
  };
  return { msEach: await run(1), perSecond: 1000 / (await run(settings.threads)) };
}
