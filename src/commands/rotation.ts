import { type Config, loadConfig } from '../config.ts';
import { type KeyStore, readStoredKeys, replaceKeyFile } from '../key-file.ts';
import { runCommand } from './run-command.ts';

interface Rotation<Stored> {
  usage: string;
  storeOf(config: Config): KeyStore;
  /** Returns the next key set; `current` is undefined if none of its keys are kept. */
  rotate(current: Stored | undefined, config: Config): Stored;
  /** Returns a line about the new key set for the operator. */
  report(next: Stored): string;
}

/** Runs a command that rotates keys, with its arguments and the configuration. */
export function runRotation<Stored extends object>(rotation: Rotation<Stored>): Promise<void> {
  return runCommand({
    usage: rotation.usage,
    options: {
      immediately: { type: 'boolean', default: false },
      print: { type: 'boolean', default: false },
    },
    work({ immediately, print }) {
      const config = loadConfig(process.env);
      const store = rotation.storeOf(config);
      if (store.value && !print) {
        throw new Error(`${store.variable} is set, so the key file is not used; add --print`);
      }
      const current = readStoredKeys<Stored>(store);
      const next = rotation.rotate(immediately ? undefined : current, config);
      if (print) process.stdout.write(`${JSON.stringify(next)}\n`);
      else replaceKeyFile(store.path, next);
      process.stderr.write(`${rotation.report(next)}\n`);
    },
  });
}
