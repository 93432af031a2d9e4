import { type Static, Type } from '@sinclair/typebox';
import { NOT_BLANK } from '../../../http/fields.ts';

export const CredentialsSchema = Type.Object(
  {
    username: Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: NOT_BLANK,
      description: 'Becomes the subject (sub) of the token, as it is.',
    }),
    password: Type.String({
      minLength: 1,
      maxLength: 1024,
      pattern: NOT_BLANK,
      format: 'password',
      description: 'Any password: a guest is not verified.',
    }),
  },
  {
    $id: 'Credentials',
    description: 'A user name and a password.',
  },
);
export type Credentials = Static<typeof CredentialsSchema>;

export const TokenSchema = Type.Object(
  {
    access_token: Type.String({
      description: 'A JWT (RFC 9068). Send it as "Authorization: Bearer …".',
    }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the token expires.' }),
    scope: Type.String({ description: 'What the token gives access to, separated by spaces.' }),
  },
  { $id: 'Token', description: 'A token response (RFC 6749 section 5.1).' },
);
