/**
 * The formats: one JSON document (RFC 8259), JSON Lines, or a JSON text sequence (RFC 7464). The scanner knows them by their
 * index.
 */
export declare const FORMATS: readonly ['json', 'lines', 'sequence'];
export type Format = (typeof FORMATS)[number];
