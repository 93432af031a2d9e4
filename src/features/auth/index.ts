import fastifyJwt from '@fastify/jwt';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import type { FindSession } from '../../http/secured.ts';
import { openKeys } from '../../key-file.ts';
import { createKeyRing, firstKeySet, signingKeyStore } from './keys/key-ring.ts';
import { keyRoutes } from './keys/routes.ts';
import type { AuthSettings } from './settings.ts';
import { createAccountLoader } from './tokens/account-loader.ts';
import { jwtOptions } from './tokens/jwt-options.ts';
import { type Authentication, tokenRoutes } from './tokens/routes.ts';
import { createSigners } from './tokens/signers.ts';
import { addTokenChecks } from './tokens/token-check.ts';
import { createTokens, type Keys } from './tokens/tokens.ts';

export { guestAuthentication } from './tokens/guests.ts';

export interface AuthPluginOptions {
  settings: AuthSettings;
  dataDir: string;
  findSession: FindSession;
}

/** Adds the decorators `tokens` and `jwt`, and the token check of every route that is `secured`. */
export const authPlugin = fp(
  async (app: FastifyInstance, { settings, dataDir, findSession }: AuthPluginOptions) => {
    const { algorithm, cacheSize } = settings;
    const keys = openKeys(app, signingKeyStore({ dataDir, auth: settings }), {
      create: () => firstKeySet(algorithm),
      parse: (stored): Keys => ({
        ring: createKeyRing(stored),
        verified: cacheSize > 0 ? new LRUCache({ max: cacheSize }) : undefined,
      }),
    });
    const loadAccount = createAccountLoader(findSession);
    app.decorateRequest('account', null);
    await app.register(
      fastifyJwt,
      jwtOptions(settings, () => keys().ring, loadAccount),
    );
    const signerOf = createSigners(settings);
    app.decorate('tokens', createTokens(settings.issuer, { keys, signerOf, loadAccount }));
    addTokenChecks(app, loadAccount);
  },
  { name: 'auth' },
);

export interface AuthFeatureOptions {
  authentication: Authentication;
  /** Scopes that tokens of accounts can have. */
  accountScopes: readonly string[];
}

/** Serves `POST /auth` and the public keys. Needs `authPlugin`. */
export async function authFeature(app: FastifyInstance, options: AuthFeatureOptions) {
  const { authentication, accountScopes } = options;
  await app.register(tokenRoutes, { authentication });
  await app.register(keyRoutes, {
    scopes: [...new Set([...authentication.scopes, ...accountScopes])],
  });
}
