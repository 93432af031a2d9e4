import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import type { TokenSet, TokenStore } from './token-store.js';
import { type WaitLimits } from './watch.js';
/** A request that is sent with an access token, or without one if nobody is signed in. */
export interface AuthorizedRequest<T> extends WaitLimits {
    send(accessToken: string | undefined): Promise<T>;
    isReplayable: boolean;
}
/** The tokens of a sign-in, as they are. A client shares them with those that `with` makes from it. */
export declare class TokenHolder {
    #private;
    constructor(store: TokenStore);
    /** Stores the tokens of a new sign-in. */
    start(answer: Token | SessionTokens, limits: WaitLimits): Promise<void>;
    /** Sends a request with the access token. */
    authorize<T>({ send, ...limits }: AuthorizedRequest<T>): Promise<T>;
    protected load(limits: WaitLimits): Promise<TokenSet | undefined>;
    protected save(tokens: TokenSet, limits: WaitLimits): Promise<void>;
    protected clear(limits: WaitLimits): Promise<void>;
}
export declare function toTokenSet(answer: Token | SessionTokens, signedInAt: number): TokenSet;
