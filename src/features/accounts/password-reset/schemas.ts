import { Type } from '@sinclair/typebox';
import { newPassword, WELL_FORMED } from '../accounts/schemas.ts';

const email = Type.String({
  minLength: 1,
  maxLength: 256,
  pattern: WELL_FORMED,
  description: 'The e-mail address, regardless of case.',
});

export const ForgottenPasswordSchema = Type.Object(
  { email },
  { $id: 'ForgottenPassword', description: 'Whose password is forgotten.' },
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

export const passwordResetSchemas = [ForgottenPasswordSchema, PasswordResetSchema];
