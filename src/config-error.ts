/** An environment variable has a value that Tally cannot run with; `message` names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses the value of a setting.
 *
 * @throws {ConfigError} that names the setting, the error that `read` throws, and what to do
 */
export function readSetting<T>(name: string, advice: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`${name}: ${(error as Error).message}; ${advice}`, { cause: error });
  }
}
