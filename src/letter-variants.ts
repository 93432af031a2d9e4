/**
 * Returns a text in which letters that differ only in case or by their place in a word are one: `ß` is `ss`,
 * and a final sigma a sigma. Searches compare such texts.
 */
export function withoutLetterVariants(text: string): string {
  // The capital ẞ has no other capital than itself, ß has SS; what is left is the sigma that ends a word.
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}
