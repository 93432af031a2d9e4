import type { Watch } from './watch.js';

/** All bytes of an answer. However slow they are, time starts anew with each chunk. */
export async function readBlob(response: Response, watch: Watch): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = bytesOf(response).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    watch.touch();
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
