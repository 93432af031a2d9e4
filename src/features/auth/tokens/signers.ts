import fastifyJwt from '@fastify/jwt';
import fastify from 'fastify';
import type { SigningKey } from '../keys/signing-key.ts';
import type { AuthSettings } from '../settings.ts';
import type { UnsignedClaims } from './claims.ts';
import { signOptions } from './jwt-options.ts';

export type Signer = (claims: UnsignedClaims) => string;

/**
 * Caches one signer per key. `@fastify/jwt` parses a key that it looks up, as for `app.jwt.sign`, for every token,
 * and parsing is slower than signing.
 */
export function createSigners(settings: AuthSettings): (key: SigningKey) => Promise<Signer> {
  const signers = new WeakMap<SigningKey, Promise<Signer>>();
  return (key) => {
    const known = signers.get(key);
    if (known) return known;
    const signer = createSigner(key, settings);
    signers.set(key, signer);
    // A failure is not kept: the next token tries again.
    signer.catch(() => signers.delete(key));
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
