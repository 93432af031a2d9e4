import type { Config } from '../config.ts';
import { parseKeySet, readKeyFile, replaceKeyFile } from '../features/auth/keys/key-file.ts';
import {
  linkKeyPath,
  makeLinkKey,
  readLinkKeys,
  type StoredLinkKeys,
} from '../features/images/link-keys.ts';
import { type RotationOptions, runRotation } from './rotation.ts';

const USAGE = `Usage: scripts/rotate-link-keys [--immediately] [--print]

Adds a key that signs links to images to the key file in DATA_DIR. A running server notices within
seconds. Links that were signed before stay valid.

  --immediately  drops all other keys: every link that is out there dies. For a key that leaked. The list
                 of an image's links has their new addresses.
  --print        writes the new keys to standard output, as the value of LINK_KEYS for replicas, and
                 changes no file. It goes on from LINK_KEYS where that is set.
  --help         shows this text.
`;

await runRotation(USAGE, rotate);

function rotate({ dataDir, images }: Config, { immediately, print }: RotationOptions): void {
  if (images.linkKeys && !print) {
    throw new Error('LINK_KEYS is set, so the key file is not used; add --print');
  }
  const path = linkKeyPath(dataDir);
  const current = images.linkKeys
    ? parseKeySet<StoredLinkKeys>(images.linkKeys, 'LINK_KEYS')
    : readKeyFile<StoredLinkKeys>(path);
  if (current) readLinkKeys(current);
  const kept = immediately || !current ? [] : current.keys;
  const next: StoredLinkKeys = { keys: [...kept, makeLinkKey()] };
  if (print) process.stdout.write(`${JSON.stringify(next)}\n`);
  else replaceKeyFile(path, next);
  const { length } = next.keys;
  const keys = length === 1 ? '1 key' : `${length} keys`;
  process.stderr.write(`Links of ${keys} are valid; the newest signs.\n`);
}
