/** What is needed of `node:fs`, whose types the package does without. */
interface FileSystem {
  openAsBlob(path: string | URL): Promise<Blob>;
  promises: { stat(path: string | URL): Promise<{ isFile(): boolean }> };
}

/**
 * The file at a path, which is read while it is sent.
 *
 * @throws what the runtime says of a file that is not there or may not be read.
 */
export async function openPath(path: string | URL): Promise<Blob> {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(id: string): FileSystem | undefined };
  };
  // Unlike an import, this is nothing that a bundler for browsers stumbles over.
  const files = process?.getBuiltinModule?.('node:fs');
  if (!files?.openAsBlob) {
    throw new TypeError(
      'This runtime opens no files by path. Give a Blob, a File, bytes or a stream.',
    );
  }
  if (!(await files.promises.stat(path)).isFile())
    throw new TypeError('The path leads to no file.');
  return files.openAsBlob(path);
}
