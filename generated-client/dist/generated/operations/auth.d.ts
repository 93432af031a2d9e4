import type { Credentials } from '../models/Credentials.js';
import type { IssuerMetadata } from '../models/IssuerMetadata.js';
import type { JwkSet } from '../models/JwkSet.js';
import type { Token } from '../models/Token.js';
import type { Operation } from '../../operation.js';
export declare const authenticate: (requestBody: Credentials) => Operation<Token>;
export declare const getSigningKeys: () => Operation<JwkSet>;
export declare const getAuthorizationServerMetadata: () => Operation<IssuerMetadata>;
export declare const getOpenidConfiguration: () => Operation<IssuerMetadata>;
