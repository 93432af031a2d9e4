export interface IdempotencyTables {
  idempotency_records: IdempotencyRecordsTable;
}

/** Requests with an Idempotency-Key that took effect. */
export interface IdempotencyRecordsTable {
  /** Hash of the sender, the operation and the key. */
  key_hash: Buffer;
  /** Hash of everything that determines what the request does. */
  request_hash: Buffer;
  /** The result in base64, encrypted with a key derived from the Idempotency-Key. */
  sealed_result: string;
  /** Milliseconds since 1970. */
  created_at: number;
}
