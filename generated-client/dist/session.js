import { ApiError, ConnectionError, TimeoutError } from './errors.js';
import { TokenHolder, toTokenSet } from './token-holder.js';
import { waitFor } from './watch.js';
/** Remaining lifetime of an access token below which it is refreshed. */
const REFRESH_AHEAD_MS = 60_000;
/** Codes that a new access token may cure. The server checks the token first, so nothing was done. */
const STALE_TOKEN_CODES = ['token_expired', 'invalid_token', 'session_ended'];
/** Codes that refuse a refresh token for ever. */
const SPENT_TOKEN_CODES = ['invalid_refresh_token', 'validation_failed'];
/** The session of an account, whose access token is refreshed while it lives. */
export class Session extends TokenHolder {
    #refreshTokens;
    /** The refresh in progress, which all calls share. */
    #refreshing;
    /** New tokens that are not stored yet, and the spent refresh token that they replace. */
    #unsaved;
    /** Limits of the client as it was created, for work that calls share. */
    #sharedLimits;
    constructor(store, refreshTokens, timeout) {
        super(store);
        this.#refreshTokens = refreshTokens;
        this.#sharedLimits = { timeout, signal: new AbortController().signal };
    }
    /** Calls `signOut` if somebody is signed in, and clears the tokens. */
    async end(signOut, limits) {
        const held = await this.load(limits);
        if (!held)
            return;
        try {
            await signOut();
        }
        catch (error) {
            if (!meansSignedOut(error))
                throw error;
        }
        const latest = await this.load(limits);
        // A sign-in that happened meanwhile is kept.
        if (latest?.signedInAt === held.signedInAt)
            await this.clear(limits);
    }
    /** Sends a request with a valid token, and once more with a new one if the server refuses the token. */
    async authorize({ send, isReplayable, ...limits }) {
        const tokens = await this.#loadValid(limits);
        try {
            return await send(tokens?.accessToken);
        }
        catch (error) {
            if (!tokens?.refreshToken || !isReplayable || !hasCode(error, STALE_TOKEN_CODES))
                throw error;
            const refreshed = await this.#refresh(tokens, limits);
            if (!refreshed)
                throw error;
            return send(refreshed.accessToken);
        }
    }
    /** Loads the tokens, and refreshes an access token that expires soon. */
    async #loadValid(limits) {
        const tokens = await this.load(limits);
        const { refreshToken, expiresAt = Number.POSITIVE_INFINITY } = tokens ?? {};
        if (!tokens || !refreshToken)
            return tokens;
        const isSpent = refreshToken === this.#unsaved?.replaced;
        if (Date.now() < expiresAt - REFRESH_AHEAD_MS && !isSpent)
            return tokens;
        try {
            return (await this.#refresh(tokens, limits)) ?? tokens;
        }
        catch (error) {
            const isFinal = limits.signal.aborted || hasCode(error, SPENT_TOKEN_CODES);
            // Until it expires, the access token works even while the server cannot refresh it.
            if (isFinal || Date.now() >= expiresAt)
                throw error;
            return tokens;
        }
    }
    /** Returns the tokens that replace stale ones, or undefined if another session has begun meanwhile. */
    async #refresh(stale, limits) {
        this.#refreshing ??= this.#refreshStored(stale).finally(() => {
            this.#refreshing = undefined;
        });
        const refreshing = this.#refreshing;
        const refreshed = await waitFor(() => refreshing, limits, 'The refresh did not end');
        // A call that was made as one person is never sent again as another.
        return refreshed?.signedInAt === stale.signedInAt ? refreshed : undefined;
    }
    async #refreshStored(stale) {
        const held = await this.#saveUnsaved();
        if (!held?.refreshToken || held.accessToken !== stale.accessToken)
            return held;
        const refreshed = await this.#exchange(held, held.refreshToken);
        await this.#saveUnsaved();
        return refreshed;
    }
    /** Saves the tokens that are not stored yet, and returns the current ones. */
    async #saveUnsaved() {
        const held = await this.load(this.#sharedLimits);
        const unsaved = this.#unsaved;
        // A sign-in or sign-out that happened meanwhile is kept.
        const isCurrent = unsaved !== undefined && held?.refreshToken === unsaved.replaced;
        if (isCurrent)
            await this.save(unsaved.tokens, this.#sharedLimits);
        this.#unsaved = undefined;
        return isCurrent ? unsaved.tokens : held;
    }
    async #exchange(held, refreshToken) {
        try {
            const tokens = toTokenSet(await this.#exchangeTwice(refreshToken), held.signedInAt);
            this.#unsaved = { tokens, replaced: refreshToken };
            return tokens;
        }
        catch (error) {
            if (!hasCode(error, SPENT_TOKEN_CODES))
                throw error;
            const latest = await this.load(this.#sharedLimits);
            // A sign-in that happened meanwhile, or a refresh by another program, is kept.
            if (latest && latest.refreshToken !== refreshToken)
                return latest;
            await this.clear(this.#sharedLimits);
            throw error;
        }
    }
    /**
     * Repeats the exchange at once if its answer is lost. The server accepts a spent token again only for a moment;
     * later it would take the token for stolen, and end the session.
     */
    async #exchangeTwice(refreshToken) {
        try {
            return await this.#refreshTokens(refreshToken);
        }
        catch (error) {
            if (!hasUnknownOutcome(error))
                throw error;
            return this.#refreshTokens(refreshToken);
        }
    }
}
function hasCode(error, codes) {
    return error instanceof ApiError && codes.includes(error.code);
}
/** True if the server may have processed the request although there is no usable answer. */
function hasUnknownOutcome(error) {
    if (error instanceof ConnectionError || error instanceof TimeoutError)
        return true;
    const isUnusable = error instanceof ApiError && error.status >= 200 && error.status < 300;
    return isUnusable || hasCode(error, ['outcome_unknown']);
}
/** True if there is no session to end: it is over, or the token is a guest's. */
function meansSignedOut(error) {
    const codes = [...STALE_TOKEN_CODES, ...SPENT_TOKEN_CODES, 'missing_token', 'insufficient_scope'];
    return hasCode(error, codes);
}
