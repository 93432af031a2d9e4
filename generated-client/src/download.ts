import { tooLarge } from './answer-errors.js';
import type { Watch } from './watch.js';

/** What bounds the reading of a whole answer, in time and in size. */
export interface ReadLimits {
  watch: Watch;
  /** Of the decoded body. */
  maxResponseBytes: number;
}

/**
 * All bytes of an answer. However slow they are, time starts anew with each chunk.
 *
 * @throws {ApiError} `response_too_large`.
 */
export async function readBlob(
  response: Response,
  { watch, maxResponseBytes }: ReadLimits,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = bytesOf(response).getReader();
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    watch.touch();
    size += value.byteLength;
    if (size > maxResponseBytes) {
      // The error says it all: how the connection takes the news changes nothing.
      reader.cancel().catch(() => undefined);
      throw tooLarge(response, maxResponseBytes);
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Blob(chunks, { type: response.headers.get('content-type') ?? '' });
}

/** The bytes of an answer as they come. Time passes only while someone waits for them. */
export function openDownload(
  response: Response,
  watch: Watch,
  toError: (error: unknown) => unknown,
): { value: ReadableStream<Uint8Array>; ended: Promise<void> } {
  const reader = bytesOf(response).getReader();
  let end!: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  watch.pause();
  const value = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        watch.touch();
        try {
          const { done, value } = await reader.read();
          watch.pause();
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          throw toError(error);
        }
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    // No chunk is fetched ahead.
    { highWaterMark: 0 },
  );
  return { value, ended };
}

function bytesOf({ body }: Response): ReadableStream<Uint8Array> {
  return body ?? new Blob([]).stream();
}
