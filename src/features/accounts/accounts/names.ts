import { hash } from 'node:crypto';
import { withoutLetterVariants } from '../../../letter-variants.ts';

/** The form in which two texts are the same name: regardless of case and of how Unicode composes it. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** What a unique index holds of a user name or an e-mail address: of the same length for all, and no name. */
export function keyOf(name: string): Buffer {
  return hash('sha256', foldCase(name), 'buffer');
}

/** Returns the form in which a search compares texts, regardless also of variants of a letter. */
export function foldForSearch(text: string): string {
  return withoutLetterVariants(foldCase(text));
}

export function searchTextOf(account: {
  username: string;
  email: string;
  first_name: string;
  last_name: string;
}): string {
  const { username, email, first_name, last_name } = account;
  return foldForSearch([username, email, first_name, last_name].join('\n'));
}

/** How an account is named by someone who signs in. */
export type Identifier = { username: string } | { email: string };
