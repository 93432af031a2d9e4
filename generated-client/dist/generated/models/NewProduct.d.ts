/**
 * A product to create.
 */
export type NewProduct = {
    /**
     * The name.
     */
    name: string;
    /**
     * The description.
     */
    description?: string;
    /**
     * Stock keeping unit; no two products have the same.
     */
    sku?: string | null;
    /**
     * The category, by which lists can be filtered.
     */
    category?: string | null;
    /**
     * In minor units of the currency.
     */
    price: number;
    /**
     * ISO 4217.
     */
    currency: string;
    /**
     * Units.
     */
    quantity_in_stock?: number;
    /**
     * The URLs of photos.
     */
    photos?: Array<string>;
};
