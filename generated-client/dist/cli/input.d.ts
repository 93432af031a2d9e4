import type { Format } from '../local.js';
import { type Coding } from './decode.js';
/** A file, or standard input, that is read once: as it is stored, or as the document that it holds. */
export interface Input {
    format: Format;
    coding: Coding | undefined;
    /** Size of the file as it is stored, in bytes; undefined for pipes. */
    size: number | undefined;
    /** Its bytes as they are stored. */
    stored: AsyncIterable<Uint8Array>;
    /** Its bytes, decoded. */
    document: AsyncIterable<Uint8Array>;
    /** Listens to the number of stored bytes as they are read. */
    onRead: (bytes: number) => void;
}
/**
 * Opens a file, or standard input for `-`.
 *
 * @throws {Failure} and errors of the operating system
 */
export declare function openInput(path: string, format: Format | undefined): Promise<Input>;
/** Passes chunks on, and calls back with the size of each. */
export declare function count(source: AsyncIterable<Uint8Array>, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array>;
/** Reads the first bytes, and returns them and an iterable of all bytes, the first ones included. */
export declare function peek(source: AsyncIterable<Uint8Array>, bytes: number): Promise<{
    head: string;
    all: AsyncGenerator<Uint8Array<ArrayBufferLike>, any, any>;
}>;
/** Reads a text as a whole. */
export declare function readText(source: AsyncIterable<Uint8Array>): Promise<string>;
