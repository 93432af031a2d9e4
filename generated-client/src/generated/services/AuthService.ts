// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Credentials } from '../models/Credentials.js';
import type { IssuerMetadata } from '../models/IssuerMetadata.js';
import type { JwkSet } from '../models/JwkSet.js';
import type { Token } from '../models/Token.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class AuthService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Get a token
   * Answers any non-empty user name and password with a token that opens `/sum` for an hour. Nothing is verified. Unknown members are ignored.
   * @returns Token A token.
   * @throws ApiError
   */
  public authenticate({
    requestBody,
  }: {
    requestBody: Credentials,
  }): CancelablePromise<Token> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/auth',
      body: requestBody,
      mediaType: 'application/json',
    });
  }
  /**
   * Get the public keys
   * The keys that verify tokens: the current key, its successor, and the keys of tokens that have not expired.
   * @returns JwkSet Public keys.
   * @throws ApiError
   */
  public getSigningKeys(): CancelablePromise<JwkSet> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/.well-known/jwks.json',
    });
  }
  /**
   * Get the metadata of the issuer
   * Tells verifiers where the public keys are.
   * @returns IssuerMetadata Metadata.
   * @throws ApiError
   */
  public getAuthorizationServerMetadata(): CancelablePromise<IssuerMetadata> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/.well-known/oauth-authorization-server',
    });
  }
  /**
   * Get the metadata of the issuer
   * Tells verifiers where the public keys are.
   * @returns IssuerMetadata Metadata.
   * @throws ApiError
   */
  public getOpenidConfiguration(): CancelablePromise<IssuerMetadata> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/.well-known/openid-configuration',
    });
  }
}
