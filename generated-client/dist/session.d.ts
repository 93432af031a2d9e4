import type { SessionTokens } from './generated/models/SessionTokens.js';
import { type AuthorizedRequest, TokenHolder } from './token-holder.js';
import type { TokenStore } from './token-store.js';
import { type WaitLimits } from './watch.js';
export type { WaitLimits } from './watch.js';
/** Exchanges a refresh token for the next pair of tokens. */
export type RefreshTokens = (refreshToken: string) => Promise<SessionTokens>;
/** The session of an account, whose access token is refreshed while it lives. */
export declare class Session extends TokenHolder {
    #private;
    constructor(store: TokenStore, refreshTokens: RefreshTokens, timeout: number);
    /** Calls `signOut` if somebody is signed in, and clears the tokens. */
    end(signOut: () => Promise<unknown>, limits: WaitLimits): Promise<void>;
    /** Sends a request with a valid token, and once more with a new one if the server refuses the token. */
    authorize<T>({ send, isReplayable, ...limits }: AuthorizedRequest<T>): Promise<T>;
}
