import fastifyJwt from '@fastify/jwt';
import fastify from 'fastify';
import type { SigningKey } from '../keys/signing-key.ts';
import type { AuthSettings } from '../settings.ts';
import type { UnsignedClaims } from './claims.ts';
import { signOptions } from './jwt-options.ts';

export type Signer = (claims: UnsignedClaims) => string;

/**
 * Returns a function that gives the signer of a key, and creates it once. `@fastify/jwt` parses a fixed key once, and
 * a key that it looks up, as for `app.jwt.sign`, for each token: that takes longer than to sign.
 */
export function createSigners(settings: AuthSettings): (key: SigningKey) => Promise<Signer> {
  const signers = new WeakMap<SigningKey, Promise<Signer>>();
  return (key) => {
    const signer = signers.get(key) ?? createSigner(key, settings);
    signers.set(key, signer);
    return signer;
  };
}

/** The options of `@fastify/jwt` are those of an instance, so each key has one, which serves no requests. */
async function createSigner(key: SigningKey, settings: AuthSettings): Promise<Signer> {
  const instance = fastify();
  await instance.register(fastifyJwt, {
    secret: { private: key.privatePem, public: key.publicPem },
    sign: signOptions(settings, () => key),
  });
  await instance.ready();
  const { sign } = instance.jwt as unknown as { sign: Signer };
  return sign;
}
