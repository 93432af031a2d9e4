import { type Static, Type } from '@sinclair/typebox';
import { ref } from '../../../http/fields.ts';
import { newPassword, password, WELL_FORMED } from '../accounts/schemas.ts';

/** Longer than any name, so that a name that is too long is an unknown one. */
const identifier = (description: string) =>
  Type.String({ minLength: 1, maxLength: 256, pattern: WELL_FORMED, description });
const byUsername = { username: identifier('The user name, regardless of case.') };
const byEmail = { email: identifier('The e-mail address, regardless of case.') };

const loginMembers = { password: password('The password.') };

const LoginByUsernameSchema = Type.Object(
  { ...byUsername, ...loginMembers },
  { $id: 'LoginByUsername', description: 'A user name and its password.' },
);
const LoginByEmailSchema = Type.Object(
  { ...byEmail, ...loginMembers },
  { $id: 'LoginByEmail', description: 'An e-mail address and its password.' },
);
export const LoginSchema = Type.Union([ref(LoginByUsernameSchema), ref(LoginByEmailSchema)], {
  $id: 'Login',
  description: 'Either a user name or an e-mail address, and the password.',
});
export type Login = Static<typeof LoginSchema>;

const passwordMembers = {
  current_password: password('The password until now.'),
  new_password: newPassword,
};

const PasswordChangeByUsernameSchema = Type.Object(
  { ...byUsername, ...passwordMembers },
  { $id: 'PasswordChangeByUsername', description: 'A new password for a user name.' },
);
const PasswordChangeByEmailSchema = Type.Object(
  { ...byEmail, ...passwordMembers },
  { $id: 'PasswordChangeByEmail', description: 'A new password for an e-mail address.' },
);
export const PasswordChangeSchema = Type.Union(
  [ref(PasswordChangeByUsernameSchema), ref(PasswordChangeByEmailSchema)],
  {
    $id: 'PasswordChange',
    description: 'Either a user name or an e-mail address, the password until now, and a new one.',
  },
);

/** The schemas that {@link LoginSchema} refers to. */
export const loginSchemas = [LoginByUsernameSchema, LoginByEmailSchema];

export const signInSchemas = [
  ...loginSchemas,
  LoginSchema,
  PasswordChangeByUsernameSchema,
  PasswordChangeByEmailSchema,
  PasswordChangeSchema,
];
