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
   * Adds every number of a JSON document, of JSON Lines or of a JSON text sequence, without rounding, and answers with the SHA-256 of the sum. Two systems that hold the same numbers get the same answer, whatever the order, the formatting or the language.
   *
   * The sum's text, whose bytes are hashed: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a fraction without trailing zeros. Zero is `0`. There is no exponent.
   *
   * The document is read as it arrives, in constant memory. `Content-Encoding` may be `gzip`, `deflate`, `br` or `zstd`; a document of more than a mebibyte is refused if it expands too much. A document without a `Content-Type`, or with the one that `curl -d` sends, is read as JSON too.
   *
   * JSON Lines (`application/x-ndjson`, `application/jsonl`, `application/jsonlines`) have a value on each line; blank lines and CRLF are allowed. A JSON text sequence (`application/json-seq`, RFC 7464) has a record separator, 0x1E, before each value. The numbers of all values are added; a file without any has the sum 0.
   * @returns Digest The control total.
   * @throws ApiError
   */
  public sumDocument({
    requestBody,
  }: {
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
