import { toCall } from './call.js';
/** Requests a page of a list, and on iteration those that follow. */
export function toPageCall(request, { page, ...query }) {
    const first = toCall(request({ page, ...query }));
    async function* entries() {
        let { results, after } = await first;
        yield* results;
        while (after !== null) {
            ({ results, after } = (await request({ ...query, after })).data);
            yield* results;
        }
    }
    return Object.assign(first, { [Symbol.asyncIterator]: entries });
}
