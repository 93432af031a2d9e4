import { Type } from '@sinclair/typebox';
import { nullable, oneOf, time, uuid } from '../../../http/fields.ts';
import { pageOf, pageQuery } from '../../../http/pages.ts';
import { AUDIT_ACTIONS } from './repository.ts';

/** The id of an account in an event, which stays when the account is deleted. */
const accountId = (description: string) => nullable(Type.String({ format: 'uuid', description }));

const AuditEventSchema = Type.Object(
  {
    id: uuid('A UUIDv7.'),
    created: time('When it happened.'),
    action: oneOf(AUDIT_ACTIONS, 'What happened.'),
    subject: accountId('The account that it happened to; null if there is no such account.'),
    actor: accountId('The account that did it; null if nobody was signed in.'),
    address: nullable(
      Type.String({ description: 'The IP address of the request; null if it is not known.' }),
    ),
    request_id: Type.String({ description: 'As in X-Request-Id and the log.' }),
    details: Type.Record(Type.String(), Type.String(), { description: 'Further facts.' }),
  },
  { $id: 'AuditEvent', description: 'Something that matters to the security of an account.' },
);

export const AuditEventPageSchema = pageOf(
  'AuditEventPage',
  AuditEventSchema,
  'A page of events, the newest first.',
);

export const AuditEventQuerySchema = Type.Object({
  ...pageQuery,
  subject: Type.Optional(uuid('Only events of this account.')),
  action: Type.Optional(oneOf(AUDIT_ACTIONS, 'Only events of this kind.')),
});

export const auditEventSchemas = [AuditEventSchema, AuditEventPageSchema];

export const EXAMPLE_EVENT = {
  id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  created: '2026-01-31T09:30:00.000Z',
  action: 'role_changed',
  subject: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  actor: '019a2b3c-0000-7f60-8a1b-2c3d4e5f6071',
  address: '203.0.113.7',
  request_id: '0f5c6a0e-9d1b-4f7e-8a55-2f6f0f1c7d3a',
  details: { from: 'user', to: 'admin' },
};
