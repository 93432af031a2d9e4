// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { NewTier } from '../models/NewTier.js';
import type { Tier } from '../models/Tier.js';
import type { TierChanges } from '../models/TierChanges.js';
import type { TierPage } from '../models/TierPage.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
import { type PagePromise, requestPages } from '../../pages.js';
export class TiersService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * List tiers
   * For administrators.
   * @returns TierPage A page of tiers.
   * @throws ApiError
   */
  public listTiers({
    page,
    limit,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
  } = {}): PagePromise<TierPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/tiers',
      query: {
        'page': page,
        'limit': limit,
      },
    });
  }
  /**
   * Create a tier
   * For administrators. `PATCH /accounts/{id}` gives the tier to an account.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public createTier({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewTier,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/tiers',
      headers: {
        'idempotency-key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
    });
  }
  /**
   * Get a tier
   * For administrators.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public getTier({
    name,
  }: {
    /**
     * The name of the tier.
     */
    name: string,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
    });
  }
  /**
   * Update a tier
   * For administrators. Takes effect at once, also for images that were uploaded before: thumbnails of a new height are made when they are first read.
   * @returns Tier The tier.
   * @throws ApiError
   */
  public updateTier({
    name,
    requestBody,
  }: {
    /**
     * The name of the tier.
     */
    name: string,
    requestBody: TierChanges,
  }): CancelablePromise<Tier> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
      body: requestBody,
      mediaType: 'application/json',
    });
  }
  /**
   * Delete a tier
   * For administrators. A tier that accounts have, or that came with Tally, cannot be deleted.
   * @returns void
   * @throws ApiError
   */
  public deleteTier({
    name,
  }: {
    /**
     * The name of the tier.
     */
    name: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/tiers/{name}',
      path: {
        'name': name,
      },
    });
  }
}
