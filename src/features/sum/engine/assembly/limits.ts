/** The limits of `EngineLimits`, set once before the first document. */
export let maxDepth: u32 = 1_000_000;
export let maxDigits: u32 = 10_000;
export let maxExponent: u32 = 10_000;
export let maxPaths: u32 = 10_000;
export let maxPathBytes: f64 = 4_194_304;
export function setLimits(depth: u32, digits: u32, exponent: u32, paths: u32, pathBytes: f64): void {
  maxDepth = depth;
  maxDigits = digits;
  maxExponent = exponent;
  maxPaths = paths;
  maxPathBytes = pathBytes;
}
