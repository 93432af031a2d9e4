export type { RawBody } from './body.js';
export {
  ApiError,
  ConnectionError,
  type ErrorCode,
  type FieldError,
  TallyError,
  TimeoutError,
} from './errors.js';
export { CancelablePromise, CancelError } from './generated/core/CancelablePromise.js';
export type * from './generated/index.js';
export { type ImageFile, Images, type ImageUploadOptions } from './images.js';
export type { CallOptions, HeadersInput, TallyOptions } from './options.js';
export type { PagePromise } from './pages.js';
export { type RawJson, rawJson } from './raw-json.js';
export type { ProgressListener, UploadProgress } from './stream-body.js';
export type { SumDetail, SumDetailsOf, SumDetailsOptions, SumDocument } from './sum.js';
export { Tally } from './tally.js';
export type { TokenSet, TokenStore } from './token-store.js';
