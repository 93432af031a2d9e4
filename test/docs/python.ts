import { spawnSync } from 'node:child_process';

const { TEST_ALL_TOOLS, CI } = process.env;

/** True if python3 is installed, which it must be with TEST_ALL_TOOLS, and in CI. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) {
  if (TEST_ALL_TOOLS || CI) throw new Error('python3 is missing');
  console.warn('python3 is missing: the examples in Python are not tested');
}
