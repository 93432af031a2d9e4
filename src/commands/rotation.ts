import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';

export interface RotationOptions {
  /** The keys before are worth nothing any more. */
  immediately: boolean;
  /** The new keys go to standard output, and into no file. */
  print: boolean;
}

/** Runs a command that rotates keys: reads its arguments and the settings, and says what went wrong. */
export function runRotation(
  usage: string,
  rotate: (config: Config, options: RotationOptions) => void,
): void {
  try {
    const { values } = parseArgs({
      options: {
        immediately: { type: 'boolean', default: false },
        print: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) process.stdout.write(usage);
    else rotate(loadConfig(process.env), values);
  } catch (error) {
    process.stderr.write(`tally: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
