import type { SumAnswer } from '../models/SumAnswer.js';
import type { Operation } from '../../operation.js';
export declare const sumDocument: (requestBody: any) => Operation<SumAnswer>;
