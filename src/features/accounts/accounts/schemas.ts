import { type Static, Type } from '@sinclair/typebox';
import { oneOf, tierName, time, uuid } from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { ROLES } from '../roles.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../sign-in/password-rules.ts';

/** Text without halves of surrogate pairs, which have no UTF-8. */
export const WELL_FORMED = '^\\P{Cs}*$';
/**
 * As above, and without control characters, line ends, and marks that reorder the text around them. Marks that
 * join letters are allowed: names in several scripts need them.
 */
const PRINTABLE = '^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]*$';
/** Visible characters alone, so that two texts that look the same are the same; U+2800 is the blank of Braille. */
const VISIBLE = '^[^\\s\\p{C}\\p{Default_Ignorable_Code_Point}\\u2800]+$';

const email = Type.String({
  format: 'email',
  maxLength: 254,
  pattern: VISIBLE,
  description: 'Unique, regardless of case.',
});

const username = Type.String({
  minLength: 1,
  maxLength: 254,
  pattern: VISIBLE,
  description:
    'Unique regardless of case, never changes, and is never given to another account, even after deletion. ' +
    'Visible characters only. With an @, or a compatibility form of one, it must be the e-mail address. Default: ' +
    'the e-mail address, or a name derived from it if that is taken.',
});

const name = Type.String({ maxLength: 100, pattern: PRINTABLE });

/** Longer than any password, so that the length of the normal form decides. */
export const password = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: 1024,
    pattern: WELL_FORMED,
    format: 'password',
    description,
  });

export const newPassword = password(
  `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, any of them. Not a common password, nor the e-mail ` +
    'address or a name.',
);

const role = oneOf(ROLES, 'Administrators are `admin`.');

const tier = tierName('The tier of the account.');

export const NewAccountSchema = Type.Object(
  {
    email,
    password: newPassword,
    username: Type.Optional(username),
    first_name: Type.Optional(name),
    last_name: Type.Optional(name),
  },
  { $id: 'NewAccount', description: 'An account to register.' },
);
export type NewAccount = Static<typeof NewAccountSchema>;

const accountMembers = {
  id: uuid('A UUIDv7.'),
  username: Type.String(),
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  role,
  tier,
  created: time('When it was registered.'),
};

export const AccountSchema = Type.Object(accountMembers, {
  $id: 'Account',
  description: 'An account, as its owner sees it.',
});

export const ManagedAccountSchema = Type.Object(
  { ...accountMembers, disabled: Type.Boolean({ description: 'It cannot sign in.' }) },
  { $id: 'ManagedAccount', description: 'An account, as administrators see it.' },
);

export const OwnChangesSchema = Type.Object(
  {
    first_name: Type.Optional(name),
    last_name: Type.Optional(name),
    email: Type.Optional(email),
    current_password: Type.Optional(password('Required to change the e-mail address.')),
  },
  {
    $id: 'OwnChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'Changes by the owner of an account.',
  },
);
export type OwnChanges = Static<typeof OwnChangesSchema>;

export const ConfirmationSchema = Type.Object(
  { password: password('The password.') },
  { $id: 'Confirmation', description: 'The password, once more.' },
);

export const ManagedChangesSchema = Type.Object(
  {
    role: Type.Optional(role),
    tier: Type.Optional(tier),
    disabled: Type.Optional(
      Type.Boolean({ description: 'True ends all sessions, and prevents new ones.' }),
    ),
  },
  {
    $id: 'ManagedChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'Changes by an administrator.',
  },
);
export type ManagedChanges = Static<typeof ManagedChangesSchema>;

export const AccountPageSchema = pageOf('AccountPage', ManagedAccountSchema, 'A page of accounts.');

export const AccountQuerySchema = Type.Object({
  ...pageQuery,
  search: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: PRINTABLE,
      description: 'Part of a user name, an e-mail address or a name, regardless of case.',
    }),
  ),
});

export const accountSchemas = [
  NewAccountSchema,
  AccountSchema,
  ManagedAccountSchema,
  OwnChangesSchema,
  ConfirmationSchema,
  ManagedChangesSchema,
  AccountPageSchema,
];

export const EXAMPLE_ACCOUNT = {
  id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  username: 'ada',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  role: 'user',
  tier: 'basic',
  created: '2026-01-31T09:30:00.000Z',
};
