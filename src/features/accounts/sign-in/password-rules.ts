import { dictionary } from '@zxcvbn-ts/language-common';
import { problems } from '../../../http/problem.ts';
import { foldCase } from '../accounts/names.ts';
import { accountProblems } from '../problems.ts';

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** The passwords of at least the least length among the 50,000 that leaks show most often. */
const COMMON: ReadonlySet<string> = new Set(
  (dictionary['passwords-common'] as string[]).filter(
    (password) => password.length >= MIN_PASSWORD_LENGTH,
  ),
);

/** What belongs to the person who chooses the password. */
export interface Owner {
  username: string;
  email: string;
  first_name: string;
  last_name: string;
}

/** The one form of a password, however a keyboard composes it. It is never cut or trimmed. */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

/** Why a password is too easy to guess, or undefined. There are no rules of composition. */
function weaknessOf(password: string, owner?: Owner): string | undefined {
  const normalized = normalizePassword(password);
  if ([...normalized].length < MIN_PASSWORD_LENGTH) {
    return `must have at least ${MIN_PASSWORD_LENGTH} characters`;
  }
  const folded = foldCase(normalized);
  if (COMMON.has(folded)) return 'is one of the most common passwords';
  if (new Set(folded).size === 1) return 'must not repeat one character';
  if (owner && namesOf(owner).has(folded)) return 'must not be your e-mail address or name';
  return undefined;
}

/** Why a password cannot be one at all, or undefined. */
function faultOf(password: string): string | undefined {
  if ([...normalizePassword(password)].length > MAX_PASSWORD_LENGTH) {
    return `must not have more than ${MAX_PASSWORD_LENGTH} characters`;
  }
  return undefined;
}

/** @throws {Problem} `validation_failed` or `weak_password`, by what is known without the owner. */
export function refuseUnfit(path: string, password: string): void {
  const fault = faultOf(password);
  if (fault)
    throw problems.validationFailed(undefined, {
      errors: [{ path, message: fault }],
    });
  refuseWeak(path, password);
}

/** @throws {Problem} `weak_password` */
export function refuseWeak(path: string, password: string, owner?: Owner): void {
  const weakness = weaknessOf(password, owner);
  if (weakness) {
    throw accountProblems.weakPassword(`The password ${weakness}.`, {
      errors: [{ path, message: weakness }],
    });
  }
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
