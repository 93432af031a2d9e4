/** Messages of the primary to a worker. */
export type Order =
  /** Ends as after this signal. Workers may get the signal too, as from a terminal, in either order. */
  | { end: NodeJS.Signals }
  /** Ends for another worker that has taken its place: serves what its connections send, and accepts no others. */
  | { retire: true }
  /** Answers with `pong`. */
  | { ping: true };

/** Messages of a worker to the primary. */
export type Report =
  /** Listens on all addresses. */
  | 'ready'
  /** Has begun to end, and accepts no connections any more. */
  | 'leaving'
  /** Its event loop runs. */
  | 'pong';
