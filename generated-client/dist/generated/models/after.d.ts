/**
 * In place of `page`: the `after` of the page before.
 */
export type after = string;
