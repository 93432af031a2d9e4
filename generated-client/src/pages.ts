import type { ApiRequestOptions } from './generated/core/ApiRequestOptions.js';
import type { BaseHttpRequest } from './generated/core/BaseHttpRequest.js';
import type { CancelablePromise } from './generated/core/CancelablePromise.js';

interface Page<Entry = unknown> {
  next: string | null;
  results: Entry[];
}

/**
 * A page of a list. Iterating over the promise gives the entries of this page and of those that follow it, each
 * requested when it is needed.
 *
 * @example
 * ```ts
 * for await (const product of tally.shop.listProducts({ search: 'mug', in_stock: true })) {
 *   console.log(product.name, product.price);
 * }
 * ```
 */
export interface PagePromise<Result extends Page>
  extends CancelablePromise<Result>,
    AsyncIterable<Result['results'][number]> {}

/** Requests a page of a list. */
export function requestPages<Result extends Page>(
  http: BaseHttpRequest,
  options: ApiRequestOptions,
): PagePromise<Result> {
  type Entry = Result['results'][number];
  const { query } = options;
  const first = http.request<Result>(options);
  const request = (page: number) =>
    http.request<Page<Entry>>({ ...options, query: { ...query, page } });
  return Object.assign(first, {
    [Symbol.asyncIterator]: () => entriesOf<Entry>(first, Number(query?.page ?? 1), request),
  });
}

async function* entriesOf<Entry>(
  first: Promise<Page<Entry>>,
  firstNumber: number,
  request: (page: number) => Promise<Page<Entry>>,
): AsyncGenerator<Entry, void, undefined> {
  let page = await first;
  yield* page.results;
  for (let number = firstNumber + 1; page.next !== null; number++) {
    page = await request(number);
    yield* page.results;
  }
}
