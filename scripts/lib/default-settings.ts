import { environmentSchema } from '../../src/config.ts';

const names = Object.keys(environmentSchema.properties);

/**
 * An environment in which each setting has its default, whatever this process inherited. PORT and DATA_DIR are for the
 * starter of a server to choose.
 */
export const DEFAULT_SETTINGS: Record<string, string> = Object.fromEntries(
  names.filter((name) => !['PORT', 'DATA_DIR'].includes(name)).map((name) => [name, '']),
);
