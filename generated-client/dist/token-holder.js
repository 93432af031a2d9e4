import { waitFor } from './watch.js';
const STORE_TIMEOUT = 'The token store did not return';
/** The tokens of a sign-in, as they are. A client shares them with those that `with` makes from it. */
export class TokenHolder {
    #store;
    constructor(store) {
        this.#store = store;
    }
    /** Stores the tokens of a new sign-in. */
    async start(answer, limits) {
        await this.save(toTokenSet(answer, Date.now()), limits);
    }
    /** Sends a request with the access token. */
    async authorize({ send, ...limits }) {
        return send((await this.load(limits))?.accessToken);
    }
    async load(limits) {
        return (await waitFor(async () => this.#store.load(), limits, STORE_TIMEOUT)) ?? undefined;
    }
    save(tokens, limits) {
        return waitFor(async () => this.#store.save(tokens), limits, STORE_TIMEOUT);
    }
    clear(limits) {
        return waitFor(async () => this.#store.clear(), limits, STORE_TIMEOUT);
    }
}
export function toTokenSet(answer, signedInAt) {
    const expiresAt = Date.now() + answer.expires_in * 1000;
    const refreshToken = 'refresh_token' in answer ? answer.refresh_token : undefined;
    return { accessToken: answer.access_token, refreshToken, expiresAt, signedInAt };
}
