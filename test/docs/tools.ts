import { spawnSync } from 'node:child_process';

const { TEST_ALL_TOOLS, CI } = process.env;

/** Returns true if a program is installed. @throws if it is not, with TEST_ALL_TOOLS and in CI */
export function hasTool(name: string): boolean {
  if (spawnSync(name, ['--version']).status === 0) return true;
  const message = `${name} is missing: the examples that need it are not tested`;
  if (TEST_ALL_TOOLS || CI) throw new Error(message);
  console.warn(message);
  return false;
}
