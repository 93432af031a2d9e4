export type { RawBody } from './body.js';
export type { Call, CallResponse, WithResponse } from './call.js';
export {
  ApiError,
  ConnectionError,
  type ErrorCode,
  type FieldError,
  TallyError,
  TimeoutError,
} from './errors.js';
export type * from './generated/index.js';
export { AccountsResource } from './generated/resources/accounts.js';
export { AuditEventsResource } from './generated/resources/audit-events.js';
export { AuthResource } from './generated/resources/auth.js';
export { HealthResource } from './generated/resources/health.js';
export { OrdersResource } from './generated/resources/orders.js';
export { ProductsResource } from './generated/resources/products.js';
export { PromotionsResource } from './generated/resources/promotions.js';
export { TiersResource } from './generated/resources/tiers.js';
export type { AttemptEnd, AttemptStart } from './hooks.js';
export { type ImageFile, ImagesResource, type ImageUploadOptions } from './images.js';
export { isProblem, type ProblemOf } from './is-problem.js';
export type { CallOptions, HeadersInput, TallyOptions } from './options.js';
export type { PageCall } from './pages.js';
export { type RawJson, rawJson } from './raw-json.js';
export type { ConditionalOptions, IdempotentOptions } from './resource.js';
export type { ProgressListener, UploadProgress } from './stream-body.js';
export type { SumDetail, SumDetailsOf, SumDetailsOptions, SumDocument } from './sum.js';
export { Tally } from './tally.js';
export { TallyCore } from './tally-core.js';
export type { TokenSet, TokenStore } from './token-store.js';
