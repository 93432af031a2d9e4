interface Definition {
  type: 'counter' | 'gauge' | 'histogram';
  name: string;
  help: string;
  labels: readonly string[];
  /** Upper bounds, for histograms. */
  buckets?: readonly number[];
  /** The way in which the values of several workers become one; the sum by default. */
  aggregator?: 'min' | 'max' | 'first';
}

const REQUEST_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
const STATEMENT_SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 30];
const WORK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Every metric of Tally's own. Labels have few values: a route's pattern, a code, a word; never an id, a name or an
 * address.
 */
export const catalogue = {
  requestDuration: {
    type: 'histogram',
    name: 'http_request_duration_seconds',
    help: 'Time from the header of a request to the end of its response. route is the pattern, or "unknown"; status is "aborted" if the client disconnected before the end.',
    labels: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
  },
  requestsInFlight: {
    type: 'gauge',
    name: 'http_requests_in_flight',
    help: 'Requests that have no complete response yet.',
    labels: [],
  },
  requestBytes: {
    type: 'counter',
    name: 'http_request_body_bytes_total',
    help: 'Announced sizes (Content-Length) of request bodies.',
    labels: ['method', 'route'],
  },
  responseBytes: {
    type: 'counter',
    name: 'http_response_body_bytes_total',
    help: 'Announced sizes (Content-Length) of response bodies.',
    labels: ['method', 'route'],
  },
  problems: {
    type: 'counter',
    name: 'tally_problems_total',
    help: 'Error responses by their code, among them every limit that a client reached.',
    labels: ['code'],
  },
  connections: {
    type: 'gauge',
    name: 'tally_connections',
    help: 'Open client connections.',
    labels: [],
  },
  refusedConnections: {
    type: 'counter',
    name: 'tally_connections_refused_total',
    help: 'Connections that were closed at once, by the setting that limits them.',
    labels: ['setting'],
  },
  reachedLimits: {
    type: 'counter',
    name: 'tally_client_limits_reached_total',
    help: 'Requests that a limit per client refused, by the name of the limit.',
    labels: ['limit'],
  },
  redisOutages: {
    type: 'counter',
    name: 'tally_redis_outages_total',
    help: 'Times in which Redis did not answer, and each process counted requests alone.',
    labels: [],
  },
  redisConnected: {
    type: 'gauge',
    name: 'tally_redis_connected',
    help: '1 if Redis answered the last time that it was asked, else 0; absent without REDIS_URL.',
    labels: [],
    aggregator: 'min',
  },
  statementDuration: {
    type: 'histogram',
    name: 'tally_database_statement_duration_seconds',
    help: 'Time of a statement, by its first word; batch is several in one round trip.',
    labels: ['operation'],
    buckets: STATEMENT_SECONDS,
  },
  databaseErrors: {
    type: 'counter',
    name: 'tally_database_errors_total',
    help: 'Failed statements: conflict (retried), constraint, connection_lost, unavailable, other.',
    labels: ['kind'],
  },
  transactionRetries: {
    type: 'counter',
    name: 'tally_database_transaction_retries_total',
    help: 'Transactions that ran again after a conflict with another one.',
    labels: [],
  },
  databaseConnections: {
    type: 'gauge',
    name: 'tally_database_connections',
    help: 'Connections to the database: in_use, idle; and work that waits for one: waiting.',
    labels: ['state'],
  },
  connectionWait: {
    type: 'histogram',
    name: 'tally_database_connection_wait_seconds',
    help: 'Time that work waited for a connection to the database.',
    labels: [],
    buckets: STATEMENT_SECONDS,
  },
  queueTasks: {
    type: 'gauge',
    name: 'tally_queue_tasks',
    help: 'Tasks of a queue: running, waiting.',
    labels: ['queue', 'state'],
  },
  queueWait: {
    type: 'histogram',
    name: 'tally_queue_wait_seconds',
    help: 'Time that tasks waited in a queue before they started.',
    labels: ['queue'],
    buckets: WORK_SECONDS,
  },
  queueRefusals: {
    type: 'counter',
    name: 'tally_queue_refused_total',
    help: 'Tasks that a full queue refused.',
    labels: ['queue'],
  },
  passwordHashes: {
    type: 'histogram',
    name: 'tally_password_hash_duration_seconds',
    help: 'Time of a password hash on its thread.',
    labels: [],
    buckets: WORK_SECONDS,
  },
  imageDecodings: {
    type: 'histogram',
    name: 'tally_image_decoding_duration_seconds',
    help: 'Time of decoding an image and making its thumbnails.',
    labels: [],
    buckets: WORK_SECONDS,
  },
  sumBytes: {
    type: 'counter',
    name: 'tally_sum_document_bytes_total',
    help: 'Bytes of documents that were summed, after decoding.',
    labels: [],
  },
  threadedSums: {
    type: 'gauge',
    name: 'tally_sums_in_threads',
    help: 'Large documents that are being read in threads.',
    labels: [],
  },
  orders: {
    type: 'counter',
    name: 'tally_orders_total',
    help: 'Orders: placed, refused. A repeated request with the same Idempotency-Key does not count.',
    labels: ['outcome'],
  },
  signIns: {
    type: 'counter',
    name: 'tally_sign_ins_total',
    help: 'Attempts to sign in: succeeded, failed (wrong name or password), refused (account disabled, too many attempts, server busy).',
    labels: ['outcome'],
  },
  registrations: {
    type: 'counter',
    name: 'tally_registrations_total',
    help: 'Accounts that were registered.',
    labels: [],
  },
  mails: {
    type: 'counter',
    name: 'tally_mails_total',
    help: 'Attempts to send a mail: sent, delayed (another one follows), dropped (refused, or in vain for a day).',
    labels: ['outcome'],
  },
  storageDuration: {
    type: 'histogram',
    name: 'tally_storage_operation_duration_seconds',
    help: 'Time of a storage operation (put, get until its first byte, remove, now), in the folder or in S3.',
    labels: ['operation'],
    buckets: WORK_SECONDS,
  },
  storageErrors: {
    type: 'counter',
    name: 'tally_storage_errors_total',
    help: 'Storage operations that failed.',
    labels: ['operation'],
  },
  ready: {
    type: 'gauge',
    name: 'tally_ready',
    help: '1 if this part is ready, as /health/ready says, else 0: database, storage, closing (0 during a shutdown).',
    labels: ['part'],
    aggregator: 'min',
  },
  workers: {
    type: 'gauge',
    name: 'tally_workers',
    help: 'Workers, if there are several: answering, or silent (they do not say their metrics in time).',
    labels: ['state'],
  },
  endedWorkers: {
    type: 'counter',
    name: 'tally_workers_ended_total',
    help: 'Workers that have ended: replaced (after SIGHUP), stopped (with the server), died, hung (killed, as it did not answer).',
    labels: ['reason'],
  },
  /** prom-client's own, which is left out of sums over workers: that of the primary. */
  primaryStart: {
    type: 'gauge',
    name: 'process_start_time_seconds',
    help: 'Start time of the process since unix epoch in seconds.',
    labels: [],
    aggregator: 'first',
  },
  buildInfo: {
    type: 'gauge',
    name: 'tally_build_info',
    help: 'Always 1; the label has the version of Tally.',
    labels: ['version'],
    aggregator: 'first',
  },
} as const satisfies Record<string, Definition>;

export type Catalogue = typeof catalogue;
