import { errorKindOf } from '../database/errors.ts';
import { ObjectMissing } from '../storage/errors.ts';
import { type Fact, facts, type Operation, operations } from '../telemetry.ts';
import type { Instruments } from './registry.ts';

/** Records what is published about operations and facts. Returns a function that ends that. */
export function collect(instruments: Instruments): () => void {
  const endOperations = operations.subscribe((operation) =>
    recordOperation(instruments, operation),
  );
  const endFacts = facts.subscribe((fact) => recordFact(instruments, fact));
  return () => {
    endOperations();
    endFacts();
  };
}

function recordOperation(instruments: Instruments, { kind, name, ms, error }: Operation): void {
  const seconds = ms / 1000;
  switch (kind) {
    case 'statement':
      instruments.statementDuration.observe({ operation: name }, seconds);
      if (error) instruments.databaseErrors.inc({ kind: errorKindOf(error) });
      break;
    case 'connection':
      instruments.connectionWait.observe(seconds);
      if (error) instruments.databaseErrors.inc({ kind: 'unavailable' });
      break;
    case 'storage':
      instruments.storageDuration.observe({ operation: name }, seconds);
      if (error && !(error instanceof ObjectMissing))
        instruments.storageErrors.inc({ operation: name });
      break;
    case 'password_hash':
      instruments.passwordHashes.observe(seconds);
      break;
    case 'image_decoding':
      instruments.imageDecodings.observe(seconds);
  }
}

function recordFact(instruments: Instruments, fact: Fact): void {
  switch (fact.type) {
    case 'order':
      instruments.orders.inc({ outcome: fact.outcome });
      break;
    case 'sign_in':
      instruments.signIns.inc({ outcome: fact.outcome });
      break;
    case 'registration':
      instruments.registrations.inc();
      break;
    case 'mail':
      instruments.mails.inc({ outcome: fact.outcome });
      break;
    case 'sum':
      instruments.sumBytes.inc(fact.bytes);
      break;
    case 'threaded_sums':
      instruments.threadedSums.inc(fact.change);
      break;
    case 'problem':
      instruments.problems.inc({ code: fact.code });
      break;
    case 'transaction_retry':
      instruments.transactionRetries.inc();
      break;
    case 'connection_refused':
      instruments.refusedConnections.inc({ setting: fact.setting });
      break;
    case 'limit_reached':
      instruments.reachedLimits.inc({ limit: fact.limit });
      break;
    case 'redis_outage':
      instruments.redisOutages.inc();
      break;
    case 'redis_connection':
      instruments.redisConnected.set(fact.isUp ? 1 : 0);
      break;
    case 'task':
      recordTask(instruments, fact);
  }
}

function recordTask(instruments: Instruments, fact: Fact & { type: 'task' }): void {
  const { queueTasks, queueWait, queueRefusals } = instruments;
  const { queue } = fact;
  switch (fact.change) {
    case 'waits':
      queueTasks.inc({ queue, state: 'waiting' });
      break;
    case 'starts':
      queueTasks.dec({ queue, state: 'waiting' });
      queueTasks.inc({ queue, state: 'running' });
      queueWait.observe({ queue }, fact.waitedMs / 1000);
      break;
    case 'ends':
      queueTasks.dec({ queue, state: 'running' });
      break;
    case 'is refused':
      queueRefusals.inc({ queue });
  }
}
