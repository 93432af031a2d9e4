// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Health } from '../models/Health.js';
import type { Operation } from '../../operation.js';
export const checkLiveness = (): Operation<Health> => ({
    method: 'GET',
    url: '/health/live',
    isOpen: true,
});
export const checkReadiness = (): Operation<Health> => ({
    method: 'GET',
    url: '/health/ready',
    isOpen: true,
});
