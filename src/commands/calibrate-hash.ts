import { loadConfig } from '../config.ts';
import { createPasswords, type HashSettings } from '../features/accounts/sign-in/passwords.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: scripts/calibrate-hash

Measures how long this machine takes for one password, and how many it checks in a second, with the
settings of now and with others. The more a hash costs, the more guessing costs whoever steals the
database, and the fewer people can sign in at once. Settings are PASSWORD_MEMORY (KiB),
PASSWORD_PASSES, PASSWORD_LANES and PASSWORD_THREADS.

  --help  shows this text.
`;

/** Those of OWASP's Password Storage Cheat Sheet that resist alike, and two that cost more. */
const CANDIDATES = [
  { memory: 9216, passes: 4, lanes: 1 },
  { memory: 12_288, passes: 3, lanes: 1 },
  { memory: 19_456, passes: 2, lanes: 1 },
  { memory: 47_104, passes: 1, lanes: 1 },
  { memory: 65_536, passes: 3, lanes: 1 },
  { memory: 131_072, passes: 3, lanes: 1 },
];
const TIME_EACH = 1000;

await runCommand({
  usage: USAGE,
  options: {},
  work: () => calibrate(loadConfig(process.env).accounts.hash),
});

async function calibrate(now: HashSettings): Promise<void> {
  process.stdout.write(
    `        memory  passes  lanes   ms each   per second (${now.threads} threads)\n`,
  );
  const { memory, passes, lanes } = now;
  for (const candidate of [{ memory, passes, lanes }, ...CANDIDATES]) {
    const { alone, together } = await measure({ ...now, ...candidate });
    const mark = candidate.memory === memory && candidate.passes === passes ? 'now' : '';
    const cells = [
      mark.padEnd(4),
      `${candidate.memory}`.padStart(10),
      `${candidate.passes}`.padStart(8),
      `${candidate.lanes}`.padStart(7),
      alone.toFixed(1).padStart(10),
      together.toFixed(0).padStart(10),
    ];
    process.stdout.write(`${cells.join('')}\n`);
  }
}

/** Milliseconds of one hash on its own, and hashes in a second when all threads work. */
async function measure(settings: HashSettings): Promise<{ alone: number; together: number }> {
  const passwords = await createPasswords(settings);
  const run = async (threads: number) => {
    const start = performance.now();
    let hashes = 0;
    const work = async () => {
      while (performance.now() - start < TIME_EACH) {
        await passwords.hash('correct horse battery staple');
        hashes++;
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    return (performance.now() - start) / hashes;
  };
  return { alone: await run(1), together: 1000 / (await run(settings.threads)) };
}
