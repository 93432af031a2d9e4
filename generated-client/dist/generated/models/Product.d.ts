/**
 * A product of the catalogue.
 */
export type Product = {
    /**
     * The id of the product.
     */
    id: string;
    /**
     * The name.
     */
    name: string;
    /**
     * The description.
     */
    description: string;
    /**
     * Stock keeping unit; no two products have the same.
     */
    sku: string | null;
    /**
     * The category, by which lists can be filtered.
     */
    category: string | null;
    /**
     * In minor units of the currency.
     */
    price: number;
    /**
     * ISO 4217.
     */
    currency: string;
    /**
     * The URLs of photos.
     */
    photos: Array<string>;
    /**
     * Units. Cancelled orders may raise it above the limit for administrators.
     */
    quantity_in_stock: number;
    /**
     * Increases with each update of the product, but not with its stock.
     */
    version: number;
    /**
     * The entity tag, as in the header `ETag`, for `If-Match`.
     */
    etag: string;
    /**
     * The time when the product was created.
     */
    created: string;
    /**
     * The time of the last update.
     */
    updated: string;
};
