/**
 * The id.
 */
export type id = string;
