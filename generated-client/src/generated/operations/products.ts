// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { NewProduct } from '../models/NewProduct.js';
import type { Product } from '../models/Product.js';
import type { ProductChanges } from '../models/ProductChanges.js';
import type { ProductPage } from '../models/ProductPage.js';
import type { StockChange } from '../models/StockChange.js';
import type { StockMovementPage } from '../models/StockMovementPage.js';
import type { Operation } from '../../operation.js';
export const createProduct = (
  requestBody: NewProduct,
): Operation<Product> => ({
    method: 'POST',
    url: '/products',
    isKeyed: true,
    body: requestBody,
});
export const listProducts = (): Operation<ProductPage> => ({
    method: 'GET',
    url: '/products',
    isOpen: true,
});
export const getProduct = (
  id: string,
): Operation<Product> => ({
    method: 'GET',
    url: '/products/{id}',
    isOpen: true,
    path: {
      'id': id,
    },
});
export const updateProduct = (
  id: string,
  requestBody: ProductChanges,
): Operation<Product> => ({
    method: 'PATCH',
    url: '/products/{id}',
    path: {
      'id': id,
    },
    body: requestBody,
});
export const deleteProduct = (
  id: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/products/{id}',
    isEmpty: true,
    path: {
      'id': id,
    },
});
export const moveStock = (
  id: string,
  requestBody: StockChange,
): Operation<Product> => ({
    method: 'POST',
    url: '/products/{id}/stock',
    isKeyed: true,
    path: {
      'id': id,
    },
    body: requestBody,
});
export const listStockMovements = (
  id: string,
): Operation<StockMovementPage> => ({
    method: 'GET',
    url: '/products/{id}/stock',
    path: {
      'id': id,
    },
});
