import { existsSync } from 'node:fs';

/** Missing where only the server is installed, such as in the container image. */
const SCRIPTS = new URL('../scripts/', import.meta.url);

/** Returns the words that run a command of this installation: `scripts/NAME` in a checkout, else `tally NAME`. */
export function commandLine(name: string): string {
  return existsSync(new URL(name, SCRIPTS)) ? `scripts/${name}` : `tally ${name}`;
}
