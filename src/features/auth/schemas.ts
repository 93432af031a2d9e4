import { type Static, Type } from '@sinclair/typebox';
import { NOT_BLANK } from '../../http/responses.ts';

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
    examples: [{ username: 'ada', password: 'correct horse battery staple' }],
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

const JwkSchema = Type.Object(
  {
    kty: Type.String({ description: 'Key type.' }),
    kid: Type.String({ description: 'Key id: the thumbprint of RFC 7638.' }),
    alg: Type.String({ description: 'The one algorithm that the key is used with.' }),
    use: Type.String({ description: 'Always sig.' }),
    crv: Type.Optional(Type.String({ description: 'Curve (EC, OKP).' })),
    x: Type.Optional(Type.String({ description: 'Public key, or its x coordinate (EC, OKP).' })),
    y: Type.Optional(Type.String({ description: 'y coordinate (EC).' })),
    n: Type.Optional(Type.String({ description: 'Modulus (RSA).' })),
    e: Type.Optional(Type.String({ description: 'Exponent (RSA).' })),
  },
  { description: 'A public key (RFC 7517).' },
);

export const JwksSchema = Type.Object(
  { keys: Type.Array(JwkSchema) },
  { $id: 'JwkSet', description: 'Public keys (RFC 7517 section 5).' },
);

export const MetadataSchema = Type.Object(
  {
    issuer: Type.String({ format: 'uri', description: 'The iss of tokens.' }),
    jwks_uri: Type.String({ format: 'uri', description: 'Where the public keys are.' }),
    service_documentation: Type.String({
      format: 'uri',
      description: 'The documentation for people.',
    }),
    scopes_supported: Type.Array(Type.String(), {
      description: 'The scopes that tokens can have.',
    }),
    response_types_supported: Type.Array(Type.String(), {
      description: 'Empty: there is no authorization endpoint.',
    }),
    grant_types_supported: Type.Array(Type.String(), {
      description: 'Empty: tokens come from POST /auth, which is no OAuth grant.',
    }),
    subject_types_supported: Type.Array(Type.String()),
    id_token_signing_alg_values_supported: Type.Array(Type.String(), {
      description: 'The algorithms that sign tokens here.',
    }),
  },
  { $id: 'IssuerMetadata', description: 'Authorization server metadata (RFC 8414).' },
);
export type Metadata = Static<typeof MetadataSchema>;
