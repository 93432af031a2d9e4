import type { Environment } from './config.ts';
import { ConfigError } from './config-error.ts';
import { createTrust } from './trusted-proxies.ts';

/** Checks what a schema of single values cannot say. */
export function checkTogether(env: Environment): void {
  const faults = [
    env.REQUEST_TIMEOUT < env.HEADERS_TIMEOUT &&
      'REQUEST_TIMEOUT must not be below HEADERS_TIMEOUT, which it includes',
    env.PASSWORD_MEMORY < 8 * env.PASSWORD_LANES &&
      'PASSWORD_MEMORY must be at least 8 for each of PASSWORD_LANES',
    env.PUBLIC_URL && !URL.canParse(env.PUBLIC_URL) && 'PUBLIC_URL is no URL',
    faultOfOrigins(env.CORS_ORIGINS),
    faultOfProxies(env.TRUST_PROXY),
  ].filter((fault) => typeof fault === 'string' && fault !== '');
  if (faults.length > 0) throw new ConfigError(faults.join('; '));
}

function faultOfOrigins(text: string): string | undefined {
  const isOrigin = (item: string) => item === '*' || URL.parse(item)?.origin === item;
  const odd = list(text).find((item) => !isOrigin(item));
  return odd && `CORS_ORIGINS: "${odd}" is neither * nor an origin such as https://app.example`;
}

function faultOfProxies(text: string): string | undefined {
  try {
    createTrust(list(text));
    return undefined;
  } catch (error) {
    return `TRUST_PROXY: ${(error as Error).message}; list the addresses of your reverse proxies`;
  }
}

/** Splits a list of a setting. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
