import zlib from 'node:zlib';
declare const DECODERS: {
    gz: () => zlib.Gunzip;
    br: () => zlib.BrotliDecompress;
    zst: () => zlib.ZstdDecompress;
};
/** The codings that are known, by the extensions of their files. */
export type Coding = keyof typeof DECODERS;
/** @throws {Failure} if this version of Node cannot decode the coding. */
export declare function checkCoding(coding: Coding): void;
/**
 * Decodes a compressed file as it is read. Files of several parts behind one another, as `cat` makes them of .gz or .zst
 * files, are decoded as a whole.
 *
 * @throws {Failure} while it is read, if the file is cut short, is not what its extension says, or goes on with
 *   something else.
 */
export declare function decode(source: AsyncIterable<Uint8Array>, coding: Coding): AsyncGenerator<Uint8Array>;
export {};
