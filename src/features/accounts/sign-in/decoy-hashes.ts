import { createHmac } from 'node:crypto';
import { foldCase } from '../accounts/names.ts';
import type { DecoyRepository } from './decoy-repository.ts';

/**
 * Finds the hash of some account for any name: checking the password of an unknown name costs as much as
 * checking this hash.
 *
 * After a change of the hash settings, hashes of several costs are stored until their owners sign in. Unknown
 * names have the same mixture of costs: each has a neighbour among the accounts, the same at every attempt and
 * on every server, whose cost changes when the neighbour signs in. A secret selects neighbours, so that
 * nobody can register as the neighbour of a name.
 */
export interface DecoyHashes {
  find(name: string): Promise<string | undefined>;
}

export async function createDecoyHashes(repository: DecoyRepository): Promise<DecoyHashes> {
  const secret = await repository.secret();
  const positionOf = (name: string) => createHmac('sha256', secret).update(foldCase(name)).digest();
  return { find: (name) => repository.hashFrom(positionOf(name)) };
}
