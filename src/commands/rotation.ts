import { type Config, loadConfig } from '../config.ts';
import { runCommand } from './run-command.ts';

export interface RotationOptions {
  /** The keys before are worth nothing any more. */
  immediately: boolean;
  /** The new keys go to standard output, and into no file. */
  print: boolean;
}

/** Runs a command that rotates keys, with its arguments and the settings. */
export function runRotation(
  usage: string,
  rotate: (config: Config, options: RotationOptions) => void,
): Promise<void> {
  return runCommand({
    usage,
    options: {
      immediately: { type: 'boolean', default: false },
      print: { type: 'boolean', default: false },
    },
    work: (options) => rotate(loadConfig(process.env), options),
  });
}
