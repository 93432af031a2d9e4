import { type Call, type WithResponse } from './call.js';
export interface Page<Entry> {
    /** The cursor of the last entry; null at the end of the list. */
    after: string | null;
    results: Entry[];
}
/**
 * A list. Awaited, it is one page; iterated over, all entries from that page on. Further pages are requested when they are
 * needed, by the cursor of the last entry: each entry comes once, even if others are added or deleted meanwhile.
 *
 * @example
 * ```ts
 * const { count, results } = await tally.products.list({ search: 'mug' });
 *
 * for await (const product of tally.products.list({ in_stock: true })) {
 *   console.log(product.name, product.price);
 * }
 * ```
 */
export interface PageCall<Result extends Page<Entry>, Entry> extends Call<Result>, AsyncIterable<Entry> {
}
/** Requests a page of a list, and on iteration those that follow. */
export declare function toPageCall<Result extends Page<Entry>, Entry>(request: (query: object) => Promise<WithResponse<Result>>, { page, ...query }: {
    page?: number;
}): PageCall<Result, Entry>;
