import cluster from 'node:cluster';
import type { Ending } from '../ending.ts';
import type { Order, Report } from './messages.ts';

/** Reports to the primary, if there is one, that this worker listens, and obeys it. */
export function obeyPrimary(ending: Ending): void {
  const { worker } = cluster;
  if (!worker) return;
  worker.on('message', (order: Order) => {
    if ('end' in order) void ending.end(order.end);
    else if ('retire' in order) void ending.retire();
    else if ('ping' in order) report('pong');
  });
  ending.onClose(() => report('leaving'));
  report('ready');
}

function report(message: Report): void {
  if (cluster.worker?.isConnected()) cluster.worker.send(message);
}
