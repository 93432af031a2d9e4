export interface IdempotencyTables {
  idempotency_records: IdempotencyRecordsTable;
}

/** A request that was sent with an Idempotency-Key, and has changed something. */
export interface IdempotencyRecordsTable {
  /** Of the sender, the operation and the key. */
  key_hash: Buffer;
  /** Of all that decides what the request does. */
  request_hash: Buffer;
  /** The result, encrypted under a key that only the sender's Idempotency-Key gives; in base64. */
  sealed_result: string;
  /** Milliseconds since 1970. */
  created_at: number;
}
