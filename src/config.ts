import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { ConfigError } from './config-error.ts';
import { databaseVariables, toDatabaseSettings } from './database/settings.ts';
import {
  accountVariables,
  findAccountFaults,
  toAccountSettings,
} from './features/accounts/settings.ts';
import { authVariables, toAuthSettings } from './features/auth/settings.ts';
import { imageVariables, toImageSettings } from './features/images/settings.ts';
import { shopVariables, toShopSettings } from './features/shop/settings.ts';
import { sumVariables, toSumSettings } from './features/sum/settings.ts';
import { replaceUnusualNumbers } from './http/decimal-text.ts';
import { findHttpFaults, httpVariables, toHttpSettings } from './http/settings.ts';
import { idempotencyVariables, toIdempotencySettings } from './idempotency/settings.ts';
import { mailVariables, toMailSettings } from './mail/settings.ts';
import { metricsVariables, toMetricsSettings, toSlowLogSettings } from './metrics/settings.ts';
import { countWorkers, processVariables, toProcessSettings } from './process-settings.ts';
import { findRateFaults, rateVariables, toRateSettings } from './rate-limits/settings.ts';
import { EMPTY_OR_VISIBLE, ONE_SECOND_IN_DAYS, partOf, SETTING_KEYWORDS } from './setting-types.ts';
import { storageVariables, toStorageSettings } from './storage/settings.ts';
import { toTracingSettings, tracingVariables } from './tracing/settings.ts';

/** Every environment variable that Tally reads, by the feature that it belongs to. */
export const settingGroups = {
  'Network and requests': httpVariables,
  'Requests per client': rateVariables,
  Process: processVariables,
  'Metrics and traces': { ...metricsVariables, ...tracingVariables },
  Database: databaseVariables,
  Storage: storageVariables,
  'Idempotency keys': idempotencyVariables,
  Mail: mailVariables,
  Tokens: authVariables,
  Accounts: accountVariables,
  'The sum': sumVariables,
  Images: imageVariables,
  Shop: shopVariables,
};

/** Every environment variable that Tally reads; the `--help` of the server prints this table. */
export const environmentSchema = Type.Object({
  ...httpVariables,
  ...rateVariables,
  ...processVariables,
  ...metricsVariables,
  ...tracingVariables,
  ...databaseVariables,
  ...storageVariables,
  ...idempotencyVariables,
  ...mailVariables,
  ...authVariables,
  ...accountVariables,
  ...sumVariables,
  ...imageVariables,
  ...shopVariables,
});

type Environment = Static<typeof environmentSchema>;

/** The validated configuration, grouped by feature. Durations are milliseconds, sizes bytes. */
export type Config = ReturnType<typeof toConfig>;

/**
 * Reads the environment into one frozen object.
 *
 * @throws {ConfigError} naming every variable whose value does not fit.
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const env = readEnvironment(environment);
  const faults = [...findHttpFaults(env), ...findRateFaults(env), ...findAccountFaults(env)].filter(
    Boolean,
  );
  if (faults.length > 0) throw new ConfigError(faults.join('; '));
  return deepFreeze(toConfig(divideAmongWorkers(env)));
}

/** Replaces the resources of the whole server by those of one of its workers. */
function divideAmongWorkers(env: Environment): Environment {
  const workers = countWorkers(env);
  const parts = Object.entries<TSchema>(environmentSchema.properties)
    .filter(([, schema]) => schema.divided)
    .map(([name, schema]) => [
      name,
      partOf(Number(env[name as keyof Environment]), workers, schema),
    ]);
  return { ...env, ...Object.fromEntries(parts) };
}

function toConfig(env: Environment) {
  const http = toHttpSettings(env);
  const { bodyIdleTimeout } = http;
  const process = toProcessSettings(env, env.PASSWORD_THREADS + env.IMAGES_DECODERS);
  const { dataDir } = process;
  const database = toDatabaseSettings(env, dataDir);
  const storageConnections = env.STORAGE_CONNECTIONS;
  return {
    ...process,
    http,
    metrics: toMetricsSettings(env),
    slow: toSlowLogSettings(env),
    tracing: toTracingSettings(env),
    rates: toRateSettings(env),
    database,
    storage: toStorageSettings(env, { dataDir, bodyIdleTimeout }),
    idempotency: toIdempotencySettings(env),
    mail: toMailSettings(env, { dataDir, publicUrl: http.publicUrl }),
    auth: toAuthSettings(env, http.publicUrl),
    accounts: toAccountSettings(env),
    sum: toSumSettings(env),
    images: toImageSettings(env, { database, storageConnections, bodyIdleTimeout }),
    shop: toShopSettings(env),
  };
}

function readEnvironment(environment: NodeJS.ProcessEnv): Environment {
  // An empty value means "not set": compose files pass variables on that way.
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ''));
  replaceUnusualNumbers(environmentSchema, given);
  try {
    return envSchema<Environment>({
      schema: environmentSchema,
      data: given,
      env: false,
      ajv: { customOptions: (ajv) => ajv.addVocabulary(SETTING_KEYWORDS) },
    });
  } catch (error) {
    throw new ConfigError(describe(error as EnvSchemaError), { cause: error });
  }
}

type EnvSchemaError = Error & {
  errors?: {
    keyword: string;
    instancePath: string;
    message?: string;
    params?: { allowedValues?: string[]; limit?: number; pattern?: string };
  }[];
};

/** Names variables and rules, never values: a value may be a secret. */
function describe(error: EnvSchemaError): string {
  const lines = (error.errors ?? []).map(({ keyword, instancePath, message, params = {} }) => {
    const name = instancePath.slice(1);
    const properties: Record<string, TSchema> = environmentSchema.properties;
    if (params.pattern === EMPTY_OR_VISIBLE) return `${name} is blank`;
    if (keyword === 'pattern') return `${name} must ${properties[name]?.must}`;
    if (params.limit === ONE_SECOND_IN_DAYS) {
      return `${name} must be at least one second: 0.0000116 days`;
    }
    const choices = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
    return `${name} ${message}${choices}`;
  });
  return lines.length > 0 ? lines.join('; ') : error.message;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}

/** The meaning of the mark of settings that are divided among workers. */
export const DIVIDED_MEANING =
  'is for the whole server, and divided equally among its workers (WORKERS).';

/** Returns the table that `--help` prints: name, meaning, default. */
export function describeEnvironment(): string {
  const names = Object.keys(environmentSchema.properties);
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const describeSetting = ([name, schema]: [string, TSchema]) => {
    const { description, unit, divided } = schema;
    const choices = schema.enum ? ` (${schema.enum.join(', ')})` : '';
    const fallback = describeDefault(schema);
    return `  ${name.padEnd(width)}${description}${choices}${unit ? ` (${unit})` : ''}${fallback && ` [${fallback}]`}${divided ? ' *' : ''}`;
  };
  const groups = Object.entries<TProperties>(settingGroups).map(([title, variables]) =>
    [`${title}:`, ...Object.entries(variables).map(describeSetting)].join('\n'),
  );
  return [...groups, `* ${DIVIDED_MEANING}`].join('\n\n');
}

/** Returns the default of a setting; empty text if there is none. */
export function describeDefault({ computed, default: fallback }: TSchema): string {
  return computed ?? String(fallback);
}
