import { Type } from '@sinclair/typebox';
import { uuid } from '../../../http/fields.ts';
import { newPassword, WELL_FORMED } from '../accounts/schemas.ts';

export const ForgottenPasswordSchema = Type.Object(
  {
    email: Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: WELL_FORMED,
      description: 'The e-mail address, regardless of case.',
    }),
  },
  { $id: 'ForgottenPassword', description: 'Whose password is forgotten.' },
);

export const PasswordLinkSchema = Type.Object(
  { account: uuid('The id of the account.') },
  { $id: 'PasswordLink', description: 'Whose password is to be set anew.' },
);

export const PasswordResetSchema = Type.Object(
  {
    token: Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: WELL_FORMED,
      format: 'password',
      description: 'The part of the link after `token=`.',
    }),
    new_password: newPassword,
  },
  { $id: 'PasswordReset', description: 'A new password, by the link in a mail.' },
);

export const passwordResetSchemas = [
  ForgottenPasswordSchema,
  PasswordLinkSchema,
  PasswordResetSchema,
];
