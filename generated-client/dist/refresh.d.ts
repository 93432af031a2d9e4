import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Settings } from './options.js';
/** Exchanges a refresh token, with the settings of the client as it was created: calls that share it differ in theirs. */
export declare function refresh(settings: Settings, refreshToken: string): Promise<SessionTokens>;
