/**
 * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
 */
export type idempotency_key = string;
