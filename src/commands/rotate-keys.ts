import { commandLine } from '../command-line.ts';
import {
  firstKeySet,
  PUBLISH_LEAD_SECONDS,
  rotateKeySet,
  type StoredKeySet,
  signingKeyStore,
  TOKEN_LIFETIME_SECONDS,
} from '../features/auth/keys/key-ring.ts';
import { runRotation } from './rotation.ts';

const USAGE = `Usage: ${commandLine('rotate-keys')} [--immediately] [--print]

Adds a signing key to the key file in DATA_DIR. A running server notices within seconds and publishes
the key at once; after ${PUBLISH_LEAD_SECONDS / 60} minutes, when every verifier can know it, it signs with it. The previous key is
trusted until the last token that it signed has expired, ${TOKEN_LIFETIME_SECONDS / 60} minutes later.

  --immediately  replaces all keys at once, which invalidates every token: for a key that leaked.
  --print        writes the new private key set to standard output, as the value of SIGNING_KEYS for
                 replicas, and changes no file. It starts from SIGNING_KEYS if that is set.
  --help         shows this text.
`;

await runRotation<StoredKeySet>({
  usage: USAGE,
  storeOf: signingKeyStore,
  rotate: (current, { auth: { algorithm } }) =>
    current ? rotateKeySet(current, algorithm) : firstKeySet(algorithm),
  report({ keys }) {
    const { kid, alg, active_from } = keys.at(-1)!;
    const start = active_from * 1000;
    const when = start <= Date.now() ? 'now on' : new Date(start).toISOString();
    const count = keys.length === 1 ? '1 key is' : `${keys.length} keys are`;
    return `The ${alg} key ${kid} signs from ${when}; ${count} published.`;
  },
});
