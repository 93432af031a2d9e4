import { createFixedBody } from './body.js';
import { isBlob } from './kinds.js';
import { randomHex } from './random-hex.js';
import { createStreamBody, } from './stream-body.js';
/**
 * Makes a form of text fields and one file (RFC 7578), the file last. It can be sent again unless the file is a
 * stream. The name of the file is not sent, because the server does not use it. Undefined fields are left out.
 */
export function createForm({ image: file, ...fields }, onProgress) {
    const texts = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (isBlob(file) && !onProgress) {
        const form = new FormData();
        for (const [name, value] of texts)
            form.append(name, String(value));
        form.append('image', file, 'file');
        return createFixedBody(form, file.size);
    }
    const boundary = randomHex();
    const part = (attributes) => `--${boundary}\r\nContent-Disposition: form-data; ${attributes}\r\n`;
    const fieldsBefore = texts.map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
    const fileHead = `${part('name="image"; filename="file"')}Content-Type: application/octet-stream\r\n\r\n`;
    const options = {
        before: fieldsBefore.join('') + fileHead,
        after: `\r\n--${boundary}--\r\n`,
        mediaType: `multipart/form-data; boundary=${boundary}`,
        onProgress,
    };
    return isBlob(file) ? createBlobBody(file, options) : createStreamBody(file, options);
}
/** Makes a body that each attempt sends as a new stream: only streams report their progress. */
function createBlobBody(blob, options) {
    const total = blob.size + new Blob([options.before, options.after]).size;
    let attempt;
    return {
        size: undefined,
        isReplayable: true,
        mediaType: options.mediaType,
        get failure() {
            return attempt?.failure;
        },
        open(touch) {
            attempt = createStreamBody(blob.stream(), { ...options, total });
            return attempt.open(touch);
        },
        close: () => attempt?.close(),
    };
}
