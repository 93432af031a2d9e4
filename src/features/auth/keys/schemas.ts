import { type Static, Type } from '@sinclair/typebox';

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
export type Jwk = Static<typeof JwkSchema>;

export const JwksSchema = Type.Object(
  { keys: Type.Array(JwkSchema) },
  { $id: 'JwkSet', description: 'Public keys (RFC 7517 section 5).' },
);

export const MetadataSchema = Type.Object(
  {
    issuer: Type.String({ format: 'uri', description: 'The iss of tokens.' }),
    jwks_uri: Type.String({ format: 'uri', description: 'URL of the public keys.' }),
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
