import { writeFile } from 'node:fs/promises';
import { packClient } from '../client-package.ts';
import { commandLine } from '../command-line.ts';
import { callerPath, runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('pack-client')} [FILE]

Writes the client of this version as a package, with the same bytes that a server has at /client.tgz.
npm install FILE installs it.

  FILE    the file to write (default: tally-client.tgz)
  --help  shows this text
`;

await runCommand({
  usage: USAGE,
  options: {},
  allowPositionals: true,
  work: async (_, [file = 'tally-client.tgz', ...others]) => {
    if (others.length > 0) throw new Error('one FILE is enough; see --help');
    const path = callerPath(file);
    await writeFile(path, await packClient());
    process.stderr.write(`The package is ${path}.\n`);
  },
});
