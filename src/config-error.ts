/** A variable of the environment has a value that Tally cannot run with; `message` names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the value of a setting that has a form of its own.
 *
 * @throws {ConfigError} that names the setting, with the message of what `read` throws and what to do.
 */
export function readSetting<T>(name: string, advice: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`${name}: ${(error as Error).message}; ${advice}`, { cause: error });
  }
}
