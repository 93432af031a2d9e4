import { createHmac } from 'node:crypto';
import { foldCase } from '../accounts/names.ts';
import type { DecoyRepository } from './decoy-repository.ts';

/**
 * Chooses a decoy for any name: the stored hash of some account. A sign-in with an unknown name costs as much
 * as a check of its decoy, so that timing does not reveal which names exist, even while hashes of several
 * costs are stored. A keyed hash of the name selects the account: the same one at every attempt and on every
 * server, and nobody can register an account to become the decoy of a name.
 */
export interface DecoyHashes {
  find(name: string): Promise<string | undefined>;
}

export async function createDecoyHashes(repository: DecoyRepository): Promise<DecoyHashes> {
  const secret = await repository.secret();
  const positionOf = (name: string) => createHmac('sha256', secret).update(foldCase(name)).digest();
  return { find: (name) => repository.hashFrom(positionOf(name)) };
}
