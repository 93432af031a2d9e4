import { type Body, createBlobBody, isBlob, isStream } from './body.js';
import { randomHex } from './random.js';
import { createUpload, type ProgressListener } from './upload.js';

/**
 * A form of text and one file (RFC 7578), the file last. It can be sent again, unless the file is a stream.
 * The file goes without its name, for which the server has no use. Fields that are undefined are left out.
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
  if (isStream(file)) return createUpload(file, { before, after, mediaType, onProgress });
  return createBlobBody(new Blob([before, file, after]), { mediaType, onProgress });
}
