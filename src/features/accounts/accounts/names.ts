import { hash } from 'node:crypto';
import { withoutLetterVariants } from '../../../letter-variants.ts';

/** Returns the form in which two texts are the same name, regardless of case and of Unicode composition. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Returns the value of a user name or e-mail address in a unique index: all have one length, and show no name. */
export function keyOf(name: string): Buffer {
  return hash('sha256', foldCase(name), 'buffer');
}

/** Returns the form in which searches compare texts, regardless also of variants of a letter. */
export function foldForSearch(text: string): string {
  return withoutLetterVariants(foldCase(text));
}

/** The names of an account's owner. */
export interface Owner {
  username: string;
  email: string;
  first_name: string;
  last_name: string;
}

export function searchTextOf({ username, email, first_name, last_name }: Owner): string {
  return foldForSearch([username, email, first_name, last_name].join('\n'));
}

/** The name that someone signs in with. */
export type Identifier = { username: string } | { email: string };
