import { type Static, Type } from '@sinclair/typebox';
import { tierName } from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { uuid } from '../../../http/responses.ts';
import { AUDIT_ACTIONS } from '../audit-events/repository.ts';
import { ROLES } from '../roles.ts';

const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, description });
const time = (description: string) => Type.String({ format: 'date-time', description });
const address = (description: string) =>
  Type.Unsafe<string | null>({ type: 'string', nullable: true, description });

/** Text without halves of surrogate pairs, which have no UTF-8. */
const WELL_FORMED = '^\\P{Cs}*$';
/**
 * The same, and without control characters, line ends, and marks that reorder what is beside them. Marks that join letters
 * stay: names in several scripts need them.
 */
const PRINTABLE = '^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]*$';
/** Text in which everything shows, so that two that look the same are the same; no spaces, and no blank of Braille. */
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
    'Unique, regardless of case, and never given to another account. It never changes. All of it is visible. With an @, or with what is one in another form, it must be the e-mail address.',
});
const name = Type.String({ maxLength: 100, pattern: PRINTABLE });
/** Longer than any password, so that how long it is can be said of its normal form. */
const password = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: 1024,
    pattern: WELL_FORMED,
    format: 'password',
    description,
  });
const newPassword = password(
  '8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.',
);
const role = oneOf(ROLES, 'Administrators are `admin`.');
const tier = tierName('The tier of the account.');

export const NewAccountSchema = Type.Object(
  {
    email,
    password: newPassword,
    username: Type.Optional({
      ...username,
      description: `${username.description} Without it, the e-mail address, or a name made from it where another account has, or once had, that as its user name.`,
    }),
    first_name: Type.Optional(name),
    last_name: Type.Optional(name),
  },
  { $id: 'NewAccount', description: 'What an account is made of.' },
);
export type NewAccountBody = Static<typeof NewAccountSchema>;

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

const identifierMembers = {
  username: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: WELL_FORMED,
      description: 'Either this or `email`.',
    }),
  ),
  email: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: WELL_FORMED,
      description: 'Either this or `username`.',
    }),
  ),
};

export const LoginSchema = Type.Object(
  { ...identifierMembers, password: password('The password.') },
  { $id: 'Login', description: 'A user name or an e-mail address, and the password.' },
);
export type LoginBody = Static<typeof LoginSchema>;

export const PasswordChangeSchema = Type.Object(
  {
    ...identifierMembers,
    current_password: password('The password until now.'),
    new_password: newPassword,
  },
  { $id: 'PasswordChange', description: 'Whose password changes, from what to what.' },
);
export type PasswordChangeBody = Static<typeof PasswordChangeSchema>;

export const RefreshSchema = Type.Object(
  { refresh_token: Type.String({ minLength: 1, maxLength: 256 }) },
  { $id: 'Refresh', description: 'The refresh token of the last answer.' },
);
export type RefreshBody = Static<typeof RefreshSchema>;

export const SessionTokensSchema = Type.Object(
  {
    access_token: Type.String({
      description: 'A JWT (RFC 9068). Send it as "Authorization: Bearer …".',
    }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
    scope: Type.String({ description: 'What the token gives access to, separated by spaces.' }),
    refresh_token: Type.String({ description: 'Works once, for the next pair.' }),
  },
  { $id: 'SessionTokens', description: 'A token response (RFC 6749 section 5.1).' },
);

export const SessionSchema = Type.Object(
  {
    id: uuid('A UUIDv7; `sid` in tokens.'),
    created: time('When someone signed in.'),
    last_used: time('When it was last refreshed, or created.'),
    user_agent: Type.String({ description: 'What the client called itself when it signed in.' }),
    address: address('Where the client signed in from; null where that is not known.'),
    current: Type.Boolean({ description: 'It is the session of this request.' }),
  },
  { $id: 'Session', description: 'A session that is alive.' },
);

export const SessionListSchema = Type.Object(
  { results: Type.Array(Type.Ref(SessionSchema.$id!)) },
  { $id: 'SessionList', description: 'The living sessions of an account, the newest first.' },
);

export const OwnChangesSchema = Type.Object(
  {
    first_name: Type.Optional(name),
    last_name: Type.Optional(name),
    email: Type.Optional(email),
    current_password: Type.Optional(password('Only to change the e-mail address.')),
  },
  {
    $id: 'OwnChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'What an owner can change.',
  },
);
export type OwnChangesBody = Static<typeof OwnChangesSchema>;

export const ConfirmationSchema = Type.Object(
  { password: password('The password.') },
  { $id: 'Confirmation', description: 'The password, once more.' },
);
export type ConfirmationBody = Static<typeof ConfirmationSchema>;

export const ManagedChangesSchema = Type.Object(
  {
    role: Type.Optional(role),
    tier: Type.Optional(tier),
    disabled: Type.Optional(
      Type.Boolean({ description: 'Ends all sessions, and prevents new ones.' }),
    ),
  },
  {
    $id: 'ManagedChanges',
    additionalProperties: false,
    minProperties: 1,
    description: 'What administrators can change.',
  },
);
export type ManagedChangesBody = Static<typeof ManagedChangesSchema>;

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
export type AccountQuery = Static<typeof AccountQuerySchema>;

export const AuditEventSchema = Type.Object(
  {
    id: uuid('A UUIDv7.'),
    time: time('When it happened.'),
    action: oneOf(AUDIT_ACTIONS, 'What happened.'),
    subject: Type.Unsafe<string | null>({
      type: 'string',
      format: 'uuid',
      nullable: true,
      description: 'The account that it happened to; null where there is no such account.',
    }),
    actor: Type.Unsafe<string | null>({
      type: 'string',
      format: 'uuid',
      nullable: true,
      description: 'The account that did it; null where nobody was signed in.',
    }),
    address: address('Where the request came from; null where that is not known.'),
    request_id: Type.String({ description: 'As in X-Request-Id and the log.' }),
    details: Type.Record(Type.String(), Type.String(), {
      description: 'What else there is to know.',
    }),
  },
  { $id: 'AuditEvent', description: 'Something that matters to the security of an account.' },
);

export const AuditEventPageSchema = pageOf(
  'AuditEventPage',
  AuditEventSchema,
  'A page of events, the newest first.',
);

export const AuditQuerySchema = Type.Object({
  ...pageQuery,
  subject: Type.Optional(uuid('Only events of this account.')),
  action: Type.Optional(oneOf(AUDIT_ACTIONS, 'Only events of this kind.')),
});
export type AuditQuery = Static<typeof AuditQuerySchema>;

export const IdParamsSchema = Type.Object({ id: uuid('The id.') });
export type IdParams = Static<typeof IdParamsSchema>;

export const namedSchemas = [
  NewAccountSchema,
  AccountSchema,
  ManagedAccountSchema,
  LoginSchema,
  PasswordChangeSchema,
  RefreshSchema,
  SessionTokensSchema,
  SessionSchema,
  SessionListSchema,
  OwnChangesSchema,
  ConfirmationSchema,
  ManagedChangesSchema,
  AccountPageSchema,
  AuditEventSchema,
  AuditEventPageSchema,
];
