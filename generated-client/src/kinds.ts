/** Returns the tag in `[object Tag]`. Unlike `instanceof`, it recognises objects of other realms. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return tagOf(value) === 'Uint8Array' || tagOf(value) === 'ArrayBuffer';
}

export function isBlob(value: unknown): value is Blob {
  return tagOf(value) === 'Blob' || tagOf(value) === 'File';
}

export function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return tagOf(value) === 'ReadableStream';
}

/** Tells whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
