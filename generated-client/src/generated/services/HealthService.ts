// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Health } from '../models/Health.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class HealthService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Is the process alive?
   * Answers as long as the process can answer at all. Restart it when it does not.
   * @returns Health All is well.
   * @throws ApiError
   */
  public checkLiveness(): CancelablePromise<Health> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/health/live',
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Can the server take requests?
   * Answers 200 when all that requests need is there, the database first of all, and 503 when it is not and while the server shuts down.
   * @returns Health All is well.
   * @throws ApiError
   */
  public checkReadiness(): CancelablePromise<Health> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/health/ready',
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`storage_unavailable\`: The storage of files does not answer. Try again after Retry-After seconds.
        \`shutting_down\`: The server is shutting down. Try again.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
}
