// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { SumAnswer } from '../models/SumAnswer.js';
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
   *
   * To find where two documents differ, ask for the totals of all places that hold numbers: `include=sum,count,paths`. A place is spelled as a JSONPath (RFC 9535) with `[*]` for every index. Objects used as maps have a place for each key; `collapse=$.users` makes it one, `$.users[*]`.
   * @returns SumAnswer The control total.
   * @throws ApiError
   */
  public sumDocument({
    requestBody,
    include,
    collapse,
    sumKey,
  }: {
    requestBody: any,
    /**
     * More of the answer: `sum` is the canonical text, `count` how many numbers there are, and `paths` the total of each place in the document that holds a number.
     */
    include?: Array<'sum' | 'count' | 'paths'>,
    /**
     * The path of an object that is used as a map, such as `$.users`: its members share the path `$.users[*]`. Spelled as `paths` are; can be repeated; needs `include=paths`.
     */
    collapse?: Array<string>,
    /**
     * A secret of 16 to 64 random bytes, as base64url without padding. With it, each `sha256` of the answer becomes `hmac_sha256`: the digest of a total that can be guessed can be guessed, too, but not by those without the key. The server neither logs nor keeps it.
     */
    sumKey?: string,
  }): CancelablePromise<SumAnswer> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/sum',
      headers: {
        'Sum-Key': sumKey,
      },
      query: {
        'include': include,
        'collapse': collapse,
      },
      body: requestBody,
      mediaType: 'application/json',
    });
  }
}
