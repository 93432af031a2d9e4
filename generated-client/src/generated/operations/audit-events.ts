// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { AuditEventPage } from '../models/AuditEventPage.js';
import type { Operation } from '../../operation.js';
export const listAuditEvents = (): Operation<AuditEventPage> => ({
    method: 'GET',
    url: '/audit-events',
});
