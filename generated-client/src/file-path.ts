/** The part of `node:fs` that is used here; the package does without its types. */
interface FileSystem {
  openAsBlob(path: string | URL): Promise<Blob>;
  promises: { stat(path: string | URL): Promise<{ isFile(): boolean }> };
}

/**
 * Opens the file at a path. It is read while it is sent.
 *
 * @throws the runtime's error if the file does not exist or cannot be read.
 */
export async function openFile(path: string | URL): Promise<Blob> {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(id: string): FileSystem | undefined };
  };
  // Bundlers for browsers do not follow this, unlike an import.
  const files = process?.getBuiltinModule?.('node:fs');
  if (!files?.openAsBlob) {
    throw new TypeError(
      'This runtime opens no files by path. Give a Blob, a File, bytes or a stream.',
    );
  }
  if (!(await files.promises.stat(path)).isFile())
    throw new TypeError('The path is not that of a file. Give the path of a PNG or JPEG.');
  return files.openAsBlob(path);
}
