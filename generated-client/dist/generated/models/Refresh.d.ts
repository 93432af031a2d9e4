/**
 * The refresh token of the last answer.
 */
export type Refresh = {
    refresh_token: string;
};
