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
    });
  }
}
