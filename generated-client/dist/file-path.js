/**
 * Opens the file at a path. It is read while it is sent.
 *
 * @throws the runtime's error if the file does not exist or cannot be read.
 */
export async function openFile(path) {
    const { process } = globalThis;
    // Bundlers for browsers do not follow this, unlike an import.
    const files = process?.getBuiltinModule?.('node:fs');
    if (!files?.openAsBlob) {
        throw new TypeError('This runtime opens no files by path. Give a Blob, a File, bytes or a stream.');
    }
    if (!(await files.promises.stat(path)).isFile())
        throw new TypeError('The path is not that of a file. Give the path of a PNG or JPEG.');
    return files.openAsBlob(path);
}
