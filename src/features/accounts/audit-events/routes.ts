import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { examplePage, sliceOf, toPage } from '../../../http/pages.ts';
import { ok } from '../../../http/responses.ts';
import { secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import type { Store } from '../store.ts';
import type { AuditAction, AuditEventRow } from './repository.ts';
import { AuditEventPageSchema, AuditEventQuerySchema, EXAMPLE_EVENT } from './schemas.ts';

interface AuditEventRouteOptions {
  store: Store;
  publicUrl: string;
}

export const auditEventRoutes: FastifyPluginAsyncTypebox<AuditEventRouteOptions> = async (
  app,
  { store, publicUrl },
) => {
  app.get('/audit-events', {
    ...secured('admin'),
    schema: listAuditEvents,
    handler: async (request) => {
      const { subject: subjectId, action } = request.query;
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const found = await store.snapshot(({ auditEvents }) =>
        auditEvents.list({ subjectId, action }, slice),
      );
      return toPage({ request, publicUrl, slice, toEntry: toAuditEvent }, found);
    },
  });
};

const listAuditEvents = {
  operationId: 'listAuditEvents',
  tags: ['accounts'],
  summary: 'List what happened to accounts',
  description: 'For administrators. Sign-ins, failures, lockouts, changes; the newest first.',
  querystring: AuditEventQuerySchema,
  response: {
    200: ok('A page of events.', AuditEventPageSchema, { one: examplePage(EXAMPLE_EVENT) }),
  },
};

function toAuditEvent(event: AuditEventRow) {
  return {
    id: event.id,
    created: toTimestamp(event.at),
    action: event.action as AuditAction,
    subject: event.subject_id,
    actor: event.actor_id,
    address: event.address || null,
    request_id: event.request_id,
    details: JSON.parse(event.details) as Record<string, string>,
  };
}
