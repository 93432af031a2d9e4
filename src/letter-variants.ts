/** Folds the variants of letters for searches: case, `ß` to `ss`, and a final sigma to a sigma. */
export function withoutLetterVariants(text: string): string {
  // ẞ becomes ß, then SS, then ss; only the final sigma remains.
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}
