import type { Config } from '../config.ts';
import {
  keyFilePath,
  parseKeySet,
  readKeyFile,
  replaceKeyFile,
} from '../features/auth/keys/key-file.ts';
import {
  firstKeySet,
  PUBLISH_LEAD,
  rotateKeySet,
  type StoredKeySet,
  TOKEN_LIFETIME,
} from '../features/auth/keys/key-ring.ts';
import { type RotationOptions, runRotation } from './rotation.ts';

const USAGE = `Usage: scripts/rotate-keys [--immediately] [--print]

Adds a signing key to the key file in DATA_DIR. A running server notices within seconds and publishes
the key at once; after ${PUBLISH_LEAD / 60} minutes, when every verifier can know it, it signs with it. The key before is
trusted until the last token that it signed has expired, ${TOKEN_LIFETIME / 60} minutes later.

  --immediately  replaces all keys at once: every token that is out there dies. For a key that leaked.
  --print        writes the new private key set to standard output, as the value of SIGNING_KEYS for
                 replicas, and changes no file. It goes on from SIGNING_KEYS where that is set.
  --help         shows this text.
`;

await runRotation(USAGE, rotate);

function rotate(config: Config, { immediately, print }: RotationOptions): void {
  const { algorithm, signingKeys } = config.auth;
  if (signingKeys && !print)
    throw new Error('SIGNING_KEYS is set, so the key file is not used; add --print');
  const now = Math.floor(Date.now() / 1000);
  const path = keyFilePath(config.dataDir);
  const current = signingKeys ? parseKeySet(signingKeys, 'SIGNING_KEYS') : readKeyFile(path);
  const next =
    immediately || !current ? firstKeySet(algorithm, now) : rotateKeySet(current, algorithm, now);
  if (print) process.stdout.write(`${JSON.stringify(next)}\n`);
  else replaceKeyFile(path, next);
  process.stderr.write(report(next, now));
}

function report({ keys }: StoredKeySet, now: number): string {
  const { kid, alg, active_from } = keys.at(-1)!;
  const from =
    active_from <= now ? 'from now on' : `from ${new Date(active_from * 1000).toISOString()}`;
  return `The ${alg} key ${kid} signs ${from}; ${keys.length === 1 ? '1 key is' : `${keys.length} keys are`} published.\n`;
}
