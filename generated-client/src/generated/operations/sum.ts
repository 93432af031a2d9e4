// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { SumAnswer } from '../models/SumAnswer.js';
import type { Operation } from '../../operation.js';
export const sumDocument = (
  requestBody: any,
): Operation<SumAnswer> => ({
    method: 'POST',
    url: '/sum',
    body: requestBody,
});
