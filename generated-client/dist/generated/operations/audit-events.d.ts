import type { AuditEventPage } from '../models/AuditEventPage.js';
import type { Operation } from '../../operation.js';
export declare const listAuditEvents: () => Operation<AuditEventPage>;
