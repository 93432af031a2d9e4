// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
/**
 * The formats: one JSON document (RFC 8259), JSON Lines, or a JSON text sequence (RFC 7464). The scanner knows them by their
 * index.
 */
export const FORMATS = ['json', 'lines', 'sequence'];
