import { spelled } from '../helpers/sum-vectors.ts';

interface Outcome {
  paths?: { path: string }[];
}

/** Returns the outcome of a local sum as the published vectors have it. */
export function likeVector<T extends Outcome>({ paths, ...outcome }: T) {
  if (!paths) return outcome;
  return { ...outcome, paths: paths.map(({ path, ...total }) => ({ ...spelled(path), ...total })) };
}
