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
export { type RawJson, rawJson } from './raw-json.js';
export { Shop } from './shop.js';
export { type LoginCredentials, type SumDocument, Tally } from './tally.js';
export type { TokenSet, TokenStore } from './token-store.js';
export type { ProgressListener, UploadProgress } from './upload.js';
