import { spawnSync } from 'node:child_process';

const { TEST_ALL_TOOLS, CI } = process.env;

/** Path of the Python that has the packages of examples; that of PATH if none has. */
export const python =
  pathOfPython('/usr/bin/python3', 'import fastapi, jwt, uvicorn') ?? pathOfPython('python3', '');

function pathOfPython(program: string, test: string): string | undefined {
  const { status, stdout } = spawnSync(program, [
    '-c',
    `${test}\nimport sys\nprint(sys.executable)`,
  ]);
  return status === 0 ? String(stdout).trim() : undefined;
}

/** Commands that succeed where a tool is installed, if that is not `NAME --version`. */
const CHECKS: Record<string, [string, ...string[]]> = {
  nginx: ['nginx', '-v'],
  openssl: ['openssl', 'version'],
  fastapi: [python ?? 'python3', '-c', 'import fastapi, jwt, uvicorn'],
};

/** Returns true if a tool is installed. @throws if it is not, with TEST_ALL_TOOLS and in CI */
export function hasTool(name: string): boolean {
  const [program, ...args] = CHECKS[name] ?? [name, '--version'];
  if (spawnSync(program, args).status === 0) return true;
  const message = `${name} is missing: the examples that need it are not tested`;
  if (TEST_ALL_TOOLS || CI) throw new Error(message);
  console.warn(message);
  return false;
}
