/** Finds control characters, of which JSON allows three as white space. */

/** Returns all ones where `v` is a tab, line feed or carriage return. */
// @ts-expect-error: decorator
@inline
export function whiteControls(v: v128, known: v128): v128 {
  return i8x16.eq(i8x16.swizzle(known, v), v);
}

/** Returns all ones where `v` is another control character, given vectors of the last one and of white space. */
// @ts-expect-error: decorator
@inline
function otherControls(v: v128, last: v128, known: v128): v128 {
  return v128.andnot(i8x16.le_u(v, last), whiteControls(v, known));
}

/** Returns zero if no byte is such a control character. */
// @ts-expect-error: decorator
@inline
export function forbiddenControls(v0: v128, v1: v128, v2: v128, v3: v128, last: v128, known: v128): v128 {
  const first = v128.or(otherControls(v0, last, known), otherControls(v1, last, known));
  return v128.or(first, v128.or(otherControls(v2, last, known), otherControls(v3, last, known)));
}
