import { toCall } from './call.js';
import { toPageCall } from './pages.js';
/** The base of resources, whose methods are the operations below one path. */
export class Resource {
    #client;
    /** @param client a `Tally` or `TallyCore` */
    constructor(client) {
        this.#client = client;
    }
    send(operation, { idempotencyKey, ifMatch, ...options } = {}, parts) {
        const headers = { 'idempotency-key': idempotencyKey, 'if-match': ifMatch };
        return this.#client.send({ ...operation, headers }, options, parts);
    }
    call(operation, options, parts) {
        return toCall(this.send(operation, options, parts));
    }
    pages(operation, query, options) {
        return toPageCall((query) => this.send({ ...operation, query }, options), query);
    }
}
export function idOf(given) {
    return typeof given === 'string' ? given : given.id;
}
/** Adds the version that may be updated: that of an entity, or any version of an id. */
export function guard(given, options = {}) {
    const { ifMatch = typeof given === 'string' ? '*' : given.etag } = options;
    return { ...options, ifMatch };
}
