import { buildValidator } from '../../../http/validation.ts';
import { type NewAccount, NewAccountSchema } from './schemas.ts';

/** Checks an account from outside of HTTP as `POST /accounts` does. @throws an error with its `validation` */
export function validateNewAccount(account: NewAccount): void {
  const validate = buildValidator({}, {})({ schema: NewAccountSchema, httpPart: 'body' } as never);
  if (!validate(account)) throw Object.assign(new Error(), { validation: validate.errors });
}
