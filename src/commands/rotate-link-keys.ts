import { commandLine } from '../command-line.ts';
import {
  linkKeyStore,
  makeLinkKey,
  readLinkKeys,
  type StoredLinkKeys,
} from '../features/images/links/keys.ts';
import { runRotation } from './rotation.ts';

const USAGE = `Usage: ${commandLine('rotate-link-keys')} [--immediately] [--print]

Adds a key that signs links to images, and addresses of images, to the key file in DATA_DIR. A running
server notices within seconds. What was signed before stays valid.

  --immediately  drops all other keys, which invalidates every link and address: for a key that leaked. The list
                 of an image's links, and the image, have their new addresses.
  --print        writes the new keys to standard output, as the value of LINK_KEYS for replicas, and
                 changes no file. It starts from LINK_KEYS if that is set.
  --help         shows this text.
`;

await runRotation<StoredLinkKeys>({
  usage: USAGE,
  storeOf: linkKeyStore,
  rotate(current) {
    if (current) readLinkKeys(current);
    return { keys: [...(current?.keys ?? []), makeLinkKey()] };
  },
  report({ keys }) {
    const count = keys.length === 1 ? '1 key' : `${keys.length} keys`;
    return `Links of ${count} are valid; the newest key signs.`;
  },
});
