// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Credentials } from '../models/Credentials.js';
import type { IssuerMetadata } from '../models/IssuerMetadata.js';
import type { JwkSet } from '../models/JwkSet.js';
import type { Token } from '../models/Token.js';
import type { Operation } from '../../operation.js';
export const authenticate = (
  requestBody: Credentials,
): Operation<Token> => ({
    method: 'POST',
    url: '/auth',
    isOpen: true,
    body: requestBody,
});
export const getSigningKeys = (): Operation<JwkSet> => ({
    method: 'GET',
    url: '/.well-known/jwks.json',
    isOpen: true,
});
export const getAuthorizationServerMetadata = (): Operation<IssuerMetadata> => ({
    method: 'GET',
    url: '/.well-known/oauth-authorization-server',
    isOpen: true,
});
export const getOpenidConfiguration = (): Operation<IssuerMetadata> => ({
    method: 'GET',
    url: '/.well-known/openid-configuration',
    isOpen: true,
});
