import { Type } from '@sinclair/typebox';
import { nullable, time, uuid } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';

export const RefreshSchema = Type.Object(
  { refresh_token: Type.String({ minLength: 1, maxLength: 256 }) },
  { $id: 'Refresh', description: 'The refresh token of the last answer.' },
);

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

const SessionSchema = Type.Object(
  {
    id: uuid('A UUIDv7; `sid` in tokens.'),
    created: time('When someone signed in.'),
    updated: time('When it was last refreshed, or created.'),
    user_agent: Type.String({ description: 'The User-Agent of the sign-in.' }),
    address: nullable(
      Type.String({ description: 'The IP address of the sign-in; null if it is not known.' }),
    ),
    current: Type.Boolean({ description: 'It is the session of this request.' }),
  },
  { $id: 'Session', description: 'A session that is alive.' },
);

export const SessionPageSchema = pageOf(
  'SessionPage',
  SessionSchema,
  'A page of the living sessions of an account, the newest first.',
);

export const sessionSchemas = [
  RefreshSchema,
  SessionTokensSchema,
  SessionSchema,
  SessionPageSchema,
];

export const EXAMPLE_TOKENS = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'sum accounts',
  refresh_token: 'mF_9.B5f-4.1JqM8nq3vT0uQxWZk2yL7cRd5aEoHs6Gi',
};

export const EXAMPLE_SESSION = {
  id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  created: '2026-01-31T09:30:00.000Z',
  updated: '2026-01-31T10:25:00.000Z',
  user_agent: 'Mozilla/5.0',
  address: '203.0.113.7',
  current: true,
};
