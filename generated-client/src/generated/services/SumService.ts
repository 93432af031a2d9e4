// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Digest } from '../models/Digest.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class SumService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Add up a document
   * Adds every number of a JSON document, without rounding, and answers with the SHA-256 of the sum. Two systems that hold the same numbers get the same answer, whatever the order, the formatting or the language.
   *
   * The sum's text, whose bytes are hashed: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a fraction without trailing zeros. Zero is `0`. There is no exponent.
   *
   * The document is read as it arrives, in constant memory. `Content-Encoding` may be `gzip`, `deflate`, `br` or `zstd`; a document of more than a mebibyte is refused if it expands too much. A document without a `Content-Type`, or with the one that `curl -d` sends, is read as JSON too.
   * @returns Digest The control total.
   * @throws ApiError
   */
  public sumDocument({
    requestBody,
  }: {
    /**
     * Any JSON value (RFC 8259). Numbers count wherever they stand; strings and keys do not.
     */
    requestBody: any,
  }): CancelablePromise<Digest> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/sum',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`malformed_content_encoding\`: The body is not what its Content-Encoding says.`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        413: `\`document_too_large\`: The document is larger than this server accepts.
        \`compression_ratio_too_high\`: The document expands to more than this server accepts for its compressed size.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`too_deep\`: The document is nested more deeply than this server accepts.
        \`number_out_of_range\`: A number has more digits or a larger exponent than this server accepts.`,
        429: `\`too_many_in_flight\`: This client has too many such requests in flight. Try again once some have ended.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`memory_exhausted\`: The documents in flight need more memory than there is for them, and this one the most. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
}
