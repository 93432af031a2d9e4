import { randomHex } from '../random-hex.js';
import { Tally } from '../tally.js';
import { Failure } from './failure.js';
/** The content codings of HTTP, by the extensions of files. */
const CONTENT_CODINGS = { gz: 'gzip', br: 'br', zst: 'zstd' };
/**
 * Returns a function that has a server compute the results. It signs in with the token in TALLY_TOKEN, or as a guest.
 * Compressed files are sent as they are.
 *
 * @throws {Failure} if the address is none
 */
export async function connectTo(baseUrl) {
    if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
        throw new Failure(`${baseUrl} is no address such as http://localhost:8000`);
    }
    const token = process.env.TALLY_TOKEN;
    const tally = new Tally({ baseUrl, ...(token && { token }) });
    if (!token)
        await tally.authenticate('tally', randomHex());
    return async (input, { include, collapse, key }) => {
        const { coding, format, stored } = input;
        return tally.sumDetails(stored, {
            include,
            format,
            ...(collapse.length > 0 && { collapse }),
            key,
            ...(coding && { headers: { 'content-encoding': CONTENT_CODINGS[coding] } }),
        });
    };
}
