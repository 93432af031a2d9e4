/**
 * Number of the page, from 1, which is the default.
 */
export type page = number;
