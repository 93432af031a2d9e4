import type { Environment } from './config.ts';
import { ConfigError } from './config-error.ts';
import { createTrust } from './http/trusted-proxies.ts';

/** Texts that are used as they are, and mean nothing when they are blank. */
const NOT_BLANK = ['HOST', 'DATA_DIR', 'TOKEN_AUDIENCE'] as const;

/** Checks what a schema of single values cannot say. */
export function checkTogether(env: Environment): void {
  const faults = [
    env.REQUEST_TIMEOUT < env.HEADERS_TIMEOUT &&
      'REQUEST_TIMEOUT must not be below HEADERS_TIMEOUT, which it includes',
    env.PASSWORD_MEMORY < 8 * env.PASSWORD_LANES &&
      'PASSWORD_MEMORY must be at least 8 for each of PASSWORD_LANES',
    faultOfPublicUrl(env.PUBLIC_URL),
    ...NOT_BLANK.map((name) => env[name].trim() === '' && env[name] !== '' && `${name} is blank`),
    faultOfOrigins(env.CORS_ORIGINS),
    faultOfProxies(env.TRUST_PROXY),
  ].filter((fault) => typeof fault === 'string' && fault !== '');
  if (faults.length > 0) throw new ConfigError(faults.join('; '));
}

function faultOfPublicUrl(text: string): string | undefined {
  if (text === '') return undefined;
  const [, host, path] = /^https?:\/\/([^/?#\s]+)([/?#].*)?$/s.exec(text) ?? [];
  if (host === undefined || !URL.canParse(text)) {
    return 'PUBLIC_URL is no URL such as https://tally.example';
  }
  if (path === '/') return 'PUBLIC_URL must not end with a slash';
  return path && 'PUBLIC_URL must end after the host name and port: Tally answers below no path';
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
