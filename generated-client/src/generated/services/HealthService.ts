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
    });
  }
}
