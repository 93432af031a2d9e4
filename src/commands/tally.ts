#!/usr/bin/env node
// Runs the commands where there is no checkout with scripts/, such as in the container image: tally COMMAND.

/** The commands, by their names, with the lines that `tally help` prints. */
const COMMANDS: Record<string, { module: string; summary: string }> = {
  start: { module: '../server.ts', summary: 'starts the server; its --help lists the settings' },
  'create-admin': { module: './create-admin.ts', summary: 'registers an administrator' },
  seed: { module: './seed.ts', summary: 'adds a demo catalogue' },
  migrate: { module: './migrate.ts', summary: 'lists the migrations, or runs those missing' },
  'rotate-keys': { module: './rotate-keys.ts', summary: 'adds a key that signs tokens' },
  'rotate-link-keys': {
    module: './rotate-link-keys.ts',
    summary: 'adds a key that signs links to images',
  },
  'collect-garbage': {
    module: './collect-garbage.ts',
    summary: 'lists stored files that nothing refers to, or removes them',
  },
  backup: {
    module: './backup.ts',
    summary: 'writes the database, the files and the keys to an archive',
  },
  restore: { module: './restore.ts', summary: 'puts an archive into an empty installation' },
  'calibrate-hash': {
    module: './calibrate-hash.ts',
    summary: 'measures the cost of a password hash',
  },
  'pack-client': { module: './pack-client.ts', summary: 'writes the client as an npm package' },
};

function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map(({ length }) => length)) + 2;
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}${summary}\n`,
  );
  return `Usage: tally COMMAND [OPTION ...]

${lines.join('')}
tally COMMAND --help shows the options of a command.
`;
}

const [name = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, name)) {
  // Commands read their arguments from there.
  process.argv = [...process.argv.slice(0, 2), ...args];
  await import(COMMANDS[name]!.module);
} else if (['help', '--help', ''].includes(name)) {
  process.stdout.write(usage());
} else {
  process.stderr.write(`tally: there is no command ${JSON.stringify(name)}; see tally help\n`);
  process.exitCode = 2;
}
