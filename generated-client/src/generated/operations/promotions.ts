// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { CurrentPromotionPage } from '../models/CurrentPromotionPage.js';
import type { NewPromotion } from '../models/NewPromotion.js';
import type { Promotion } from '../models/Promotion.js';
import type { PromotionChanges } from '../models/PromotionChanges.js';
import type { PromotionPage } from '../models/PromotionPage.js';
import type { Operation } from '../../operation.js';
export const listCurrentPromotions = (): Operation<CurrentPromotionPage> => ({
    method: 'GET',
    url: '/promotions/current',
});
export const createPromotion = (
  requestBody: NewPromotion,
): Operation<Promotion> => ({
    method: 'POST',
    url: '/promotions',
    isKeyed: true,
    body: requestBody,
});
export const listPromotions = (): Operation<PromotionPage> => ({
    method: 'GET',
    url: '/promotions',
});
export const getPromotion = (
  id: string,
): Operation<Promotion> => ({
    method: 'GET',
    url: '/promotions/{id}',
    path: {
      'id': id,
    },
});
export const updatePromotion = (
  id: string,
  requestBody: PromotionChanges,
): Operation<Promotion> => ({
    method: 'PATCH',
    url: '/promotions/{id}',
    path: {
      'id': id,
    },
    body: requestBody,
});
export const deletePromotion = (
  id: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/promotions/{id}',
    isEmpty: true,
    path: {
      'id': id,
    },
});
