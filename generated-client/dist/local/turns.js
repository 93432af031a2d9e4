/** Longest time for which a document may block the event loop, in milliseconds: less than a frame of a page. */
const MAX_TURN_MS = 10;
export function createTurns() {
    let started = performance.now();
    return {
        isOver: () => performance.now() - started >= MAX_TURN_MS,
        async next() {
            await nextTurn();
            started = performance.now();
        },
    };
}
/** A timer would wait for 4 milliseconds in browsers, and for a second in a tab in the background. */
function nextTurn() {
    const { setImmediate } = globalThis;
    return new Promise((resolve) => {
        if (setImmediate)
            return setImmediate(resolve);
        const { port1, port2 } = new MessageChannel();
        const onMessage = () => {
            port1.close();
            resolve();
        };
        // The types of Node have no `onmessage`.
        Object.assign(port1, { onmessage: onMessage });
        port2.postMessage(undefined);
    });
}
