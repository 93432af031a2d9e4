import { dictionary } from '@zxcvbn-ts/language-common';
import { problems } from '../../../http/problem.ts';
import { foldCase, type Owner } from '../accounts/names.ts';
import { accountProblems } from '../problems.ts';

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** The passwords of at least the least length among the 50,000 that leaks show most often. */
const COMMON: ReadonlySet<string> = new Set(
  (dictionary['passwords-common'] as string[]).filter(
    (password) => password.length >= MIN_PASSWORD_LENGTH,
  ),
);

/** Returns the form of a password that is hashed, however a keyboard composes it. Nothing is cut or trimmed. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * Refuses a password for what is known without its owner.
 *
 * @throws {Problem} `validation_failed`, `weak_password`
 */
export function refuseUnusable(path: string, password: string): void {
  if ([...normalizePassword(password)].length > MAX_PASSWORD_LENGTH) {
    const message = `must not have more than ${MAX_PASSWORD_LENGTH} characters`;
    throw problems.validationFailed(undefined, { errors: [{ path, message }] });
  }
  refuseWeak(path, password);
}

/** @throws {Problem} `weak_password` */
export function refuseWeak(path: string, password: string, owner?: Owner): void {
  const message = weaknessOf(normalizePassword(password), owner);
  if (message === undefined) return;
  throw accountProblems.weakPassword(`The password ${message}.`, { errors: [{ path, message }] });
}

/** Returns what makes a password easy to guess, or undefined. There are no rules of composition. */
function weaknessOf(password: string, owner?: Owner): string | undefined {
  if ([...password].length < MIN_PASSWORD_LENGTH) {
    return `must have at least ${MIN_PASSWORD_LENGTH} characters`;
  }
  const folded = foldCase(password);
  if (COMMON.has(folded)) return 'is one of the most common passwords';
  if (new Set(folded).size === 1) return 'must not repeat one character';
  if (owner && namesOf(owner).has(folded)) return 'must not be your e-mail address or name';
  return undefined;
}

function namesOf({ username, email, first_name, last_name }: Owner): Set<string> {
  const names = [
    username,
    email,
    email.split('@')[0]!,
    first_name,
    last_name,
    `${first_name}${last_name}`,
    `${first_name} ${last_name}`,
  ];
  return new Set(names.map(foldCase));
}
