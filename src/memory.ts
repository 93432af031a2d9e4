/**
 * Gives the memory of bytes that nobody else holds back at once; they are empty afterwards. Left to the
 * garbage collector, large buffers pile up to 64 MiB and more, and each new one is memory that no cache
 * of the processor has seen. Does nothing where the bytes are a part of something larger.
 */
export function releaseMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
