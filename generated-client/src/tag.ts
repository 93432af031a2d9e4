/** What stands in `[object Tag]`: unlike `instanceof`, it knows the objects of other realms. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
