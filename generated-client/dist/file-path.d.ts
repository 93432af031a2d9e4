/**
 * Opens the file at a path. It is read while it is sent.
 *
 * @throws the runtime's error if the file does not exist or cannot be read.
 */
export declare function openFile(path: string | URL): Promise<Blob>;
