import { Scanner } from './scanner.js';
/** Memory of a scanner that is kept for later documents. */
const KEPT_BYTES = 4 * 1024 ** 2;
/** Calls back whenever memory of a scanner is left to the garbage collector. */
export function createArenas(compiled, limits, onGarbage = () => undefined) {
    const { maxBytes, maxMemory } = limits;
    let current;
    /** At most one replaced arena still has open documents. */
    let hasRetired = false;
    function create() {
        const scanner = new Scanner(compiled, limits);
        const large = new Set();
        let documents = 0;
        let sizeBytes = scanner.sizeBytes;
        /** Drops an arena that is mostly empty: memory is only freed with the whole scanner. */
        function retire() {
            const isOversized = scanner.sizeBytes > KEPT_BYTES;
            if (current === arena) {
                if (!isOversized || hasRetired || scanner.usedBytes * 8 > scanner.sizeBytes)
                    return;
                current = undefined;
                hasRetired = documents > 0;
            }
            else if (documents === 0)
                hasRetired = false;
            if (documents === 0)
                onGarbage();
        }
        const arena = {
            scanner,
            maxBytes,
            add: () => void documents++,
            remove(document) {
                documents--;
                large.delete(document);
                retire();
            },
            account(document) {
                if (document.extraBytes > 0)
                    large.add(document);
                else
                    large.delete(document);
                // Half of the memory: freed blocks of one size are of no use for others.
                const evict = (victim) => victim.evict(victim.extraBytes > maxMemory / 2);
                while (large.size > 0 && scanner.usedBytes > maxMemory / 2)
                    evict(largestOf(large));
                if (scanner.sizeBytes > Math.max(sizeBytes, maxMemory))
                    evict(document);
                sizeBytes = scanner.sizeBytes;
            },
        };
        return arena;
    }
    return { current: () => (current ??= create()) };
}
function largestOf(documents) {
    return [...documents].reduce((a, b) => (b.extraBytes > a.extraBytes ? b : a));
}
