/**
 * The product.
 */
export type id_2 = string;
