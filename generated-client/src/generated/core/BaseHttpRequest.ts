// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { ApiRequestOptions } from './ApiRequestOptions.js';
import type { CancelablePromise } from './CancelablePromise.js';
import type { OpenAPIConfig } from './OpenAPI.js';

export abstract class BaseHttpRequest {

  public readonly config: OpenAPIConfig;

  constructor(config: OpenAPIConfig) {
    this.config = config;
  }

  public abstract request<T>(options: ApiRequestOptions): CancelablePromise<T>;
}
