import { slicesOf } from './slices.js';
import { createTurns } from './turns.js';
import { untilAborted } from './until-aborted.js';
/** Bytes between two looks at the clock. */
const SLICE = 128 * 1024;
/**
 * Returns the total of a source, and lets the event loop run in between.
 *
 * @throws {DocumentFault} and whatever the source, the signal or the listener throw.
 */
export async function scan(source, engine, request) {
    const summation = engine.open(request.document);
    try {
        const bytes = await scanPieces(source, summation, request);
        request.onProgress?.(bytes);
        request.signal?.throwIfAborted();
        return summation.end();
    }
    finally {
        summation.close();
    }
}
/** Returns the number of bytes. */
async function scanPieces(source, summation, { signal, onProgress }) {
    const turns = createTurns();
    let bytes = 0;
    for (;;) {
        const next = source.next();
        const piece = next instanceof Promise ? await untilAborted(next, signal) : next;
        if (!piece)
            return bytes;
        for (const slice of slicesOf(piece, SLICE)) {
            summation.write(slice);
            bytes += slice.length;
            if (!turns.isOver())
                continue;
            onProgress?.(bytes);
            await turns.next();
            signal?.throwIfAborted();
        }
    }
}
