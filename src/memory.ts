/** Whether there is nothing beside the bytes in their memory, which then can be given away. */
export function isAlone({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * Gives the memory of bytes that nobody else holds back at once; they are empty afterwards. Left to the
 * garbage collector, large buffers pile up to 64 MiB and more, and each new one is memory that no cache
 * of the processor has seen. Does nothing where the bytes are a part of something larger.
 */
export function releaseMemory(bytes: Uint8Array): void {
  if (isAlone(bytes)) (bytes.buffer as ArrayBuffer).transfer(0);
}
