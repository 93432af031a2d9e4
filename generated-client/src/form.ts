import { createBlobBody } from './body.js';
import { isBlob, isStream } from './kinds.js';
import { randomHex } from './random-hex.js';
import { type Body, createStreamBody, type ProgressListener } from './stream-body.js';

/**
 * Makes a form of text fields and one file (RFC 7578), the file last. It can be sent again unless the file is a
 * stream. The name of the file is not sent, because the server does not use it. Undefined fields are left out.
 */
export function createForm(
  fields: Record<string, unknown>,
  onProgress: ProgressListener | undefined,
): Body {
  const boundary = randomHex();
  const mediaType = `multipart/form-data; boundary=${boundary}`;
  const part = (attributes: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${attributes}\r\n`;
  let texts = '';
  let fileHead = '';
  let file: Blob | ReadableStream<Uint8Array> = new Blob([]);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (isBlob(value) || isStream(value)) {
      fileHead = part(`name="${name}"; filename="file"`);
      file = value;
    } else {
      texts += `${part(`name="${name}"`)}\r\n${value}\r\n`;
    }
  }
  const before = `${texts}${fileHead}Content-Type: application/octet-stream\r\n\r\n`;
  const after = `\r\n--${boundary}--\r\n`;
  if (isStream(file)) return createStreamBody(file, { before, after, mediaType, onProgress });
  return createBlobBody(new Blob([before, file, after]), { mediaType, onProgress });
}
