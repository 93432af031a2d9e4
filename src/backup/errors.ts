/** An archive is damaged, is none of Tally's, or does not fit this installation; `message` says why. */
export class ArchiveUnusable extends Error {
  override readonly name = 'ArchiveUnusable';

  constructor(reason: string, cause?: unknown) {
    super(`the archive cannot be used: ${reason}`, { cause });
  }
}
