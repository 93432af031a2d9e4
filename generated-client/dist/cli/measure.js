import { DocumentFault, sum } from '../local.js';
import { explainFault } from './failure.js';
import { count } from './input.js';
import { startProgress } from './progress.js';
/** Longest path, in bytes, for which there is room if all are so long. */
const PATH_BYTES = 512;
/** Computes the result in this process. */
export const measureHere = async ({ document, format }, request) => {
    let bytes = 0;
    const counted = count(document, (size) => {
        bytes += size;
    });
    const { include, collapse, key, maxPaths } = request;
    const options = { include, collapse, key, format, limits: limitsOf(maxPaths) };
    try {
        return { ...(await sum(counted, options)), bytes };
    }
    catch (error) {
        throw error instanceof DocumentFault ? explainFault(error) : error;
    }
};
function limitsOf(maxPaths) {
    if (maxPaths === undefined)
        return undefined;
    return { maxPaths, maxPathBytes: Math.max(4 * 1024 ** 2, maxPaths * PATH_BYTES) };
}
/** Returns the report about a document, and shows the progress of reading it. */
export async function reportOf(name, input, request, measure = measureHere) {
    const progress = startProgress(name, input.size);
    input.onRead = progress.add;
    try {
        const { bytes, ...details } = await measure(input, request);
        const { collapse } = request;
        return {
            report: 'tally/1',
            file: name,
            ...(bytes !== undefined && { bytes }),
            ...(details.paths && collapse.length > 0 && { collapse: [...collapse] }),
            ...details,
        };
    }
    finally {
        progress.stop();
    }
}
