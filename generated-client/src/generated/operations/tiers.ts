// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { NewTier } from '../models/NewTier.js';
import type { Tier } from '../models/Tier.js';
import type { TierChanges } from '../models/TierChanges.js';
import type { TierPage } from '../models/TierPage.js';
import type { Operation } from '../../operation.js';
export const createTier = (
  requestBody: NewTier,
): Operation<Tier> => ({
    method: 'POST',
    url: '/tiers',
    isKeyed: true,
    body: requestBody,
});
export const listTiers = (): Operation<TierPage> => ({
    method: 'GET',
    url: '/tiers',
});
export const getOwnTier = (): Operation<Tier> => ({
    method: 'GET',
    url: '/tiers/mine',
});
export const getTier = (
  name: string,
): Operation<Tier> => ({
    method: 'GET',
    url: '/tiers/{name}',
    path: {
      'name': name,
    },
});
export const updateTier = (
  name: string,
  requestBody: TierChanges,
): Operation<Tier> => ({
    method: 'PATCH',
    url: '/tiers/{name}',
    path: {
      'name': name,
    },
    body: requestBody,
});
export const deleteTier = (
  name: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/tiers/{name}',
    isEmpty: true,
    path: {
      'name': name,
    },
});
