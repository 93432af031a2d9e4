import { availableParallelism } from 'node:os';
import type { TSchema } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { describeEnvironment, environmentSchema, loadConfig } from '../src/config.ts';
import { ConfigError } from '../src/config-error.ts';
import { EMPTY_OR_VISIBLE } from '../src/setting-types.ts';

describe('the configuration', () => {
  it('needs nothing', () => {
    const config = loadConfig({});
    expect(config.http).toMatchObject({
      port: 8000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:8000',
    });
    const { publicUrl } = config.http;
    expect(config.auth).toMatchObject({ issuer: publicUrl, audience: publicUrl });
  });

  it('takes an empty value as none', () => {
    expect(loadConfig({ PORT: '', LOG_LEVEL: '' })).toEqual(loadConfig({}));
  });

  // An object whose row was waiting for a lock was taken for one that was left behind.
  it('lets the sweep take nothing whose row may still be on its way to a database server', () => {
    const DATABASE_URL = 'postgres://tally@db/tally';
    const ageOf = (environment: Record<string, string>) =>
      loadConfig({ DATABASE_URL, ...environment }).images.sweep.age;
    expect(ageOf({ SWEEP_AGE: '0', DATABASE_TIMEOUT: '60' })).toBe(600_000);
    expect(ageOf({ SWEEP_AGE: '1' })).toBe(3_600_000);
  });

  it('divides the resources of the whole server among its workers, and nothing else', () => {
    const divided = Object.entries<TSchema>(environmentSchema.properties)
      .filter(([, schema]) => schema.divided)
      .map(([name]) => name);
    for (const name of divided)
      expect(describeEnvironment()).toMatch(new RegExp(`${name} .* \\*$`, 'm'));
    const whole = Object.fromEntries(divided.map((name) => [name, '64']));
    const environment = { ...whole, SUM_MAX_MEMORY: '67108864', SPOOL_BYTES: '67108864' };
    const config = loadConfig({ ...environment, WORKERS: '4' });
    const part = { ...environment, ...Object.fromEntries(divided.map((name) => [name, '16'])) };
    const parts = { ...part, SUM_MAX_MEMORY: '16777216', SPOOL_BYTES: '16777216' };
    expect(config).toEqual({ ...loadConfig(parts), workers: 4 });
    expect(config.database.poolSize).toBe(16);
    expect(config.threadPool.size).toBe(16);
  });

  it('leaves each worker at least the least of a resource, and turns nothing off or on', () => {
    const environment = { PASSWORD_THREADS: '2', SUM_MAX_MEMORY: '1048576', SUM_THREADS: '0' };
    const { accounts, sum } = loadConfig({ ...environment, WORKERS: '8' });
    expect(accounts.hash).toMatchObject({ threads: 1, queue: 25 });
    expect(sum).toMatchObject({ maxMemory: 1_048_576, threads: 0 });
  });

  it('has a worker for each processor where it is told so', () => {
    expect(loadConfig({ WORKERS: 'auto' }).workers).toBe(availableParallelism());
  });

  it('is frozen', () => {
    const config = loadConfig({ CORS_ORIGINS: 'https://a.example' });
    expect(() => Object.assign(config.sum, { maxBytes: 1 })).toThrow(TypeError);
    expect(() => (config.http.corsOrigins as string[]).push('*')).toThrow(TypeError);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:secret@collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'secret'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['WORKERS', '0'],
    ['WORKERS', '2.5'],
    ['WORKERS', 'many'],
    ['LOG_LEVEL', 'loud'],
    ['PUBLIC_URL', 'tally.example'],
    ['PUBLIC_URL', 'https://tally.example/path'],
    ['TOKEN_ALGORITHM', 'HS256'],
    ['SUM_MAX_BYTES', '-1'],
    ['BODY_IDLE_TIMEOUT', 'soon'],
    ['MAX_CONNECTIONS', 'Infinity'],
    ['SUM_MAX_BYTES', '1e400'],
    ['PORT', '0x1F40'],
    ['REQUEST_TIMEOUT', ' '],
    ['HEADERS_TIMEOUT', '1e1'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  it.each([
    [{ REQUEST_TIMEOUT: '59' }, /REQUEST_TIMEOUT.*HEADERS_TIMEOUT/],
    [{ PASSWORD_LANES: '4', PASSWORD_MEMORY: '31' }, /PASSWORD_MEMORY.*PASSWORD_LANES/],
    [{ TRUST_PROXY: '1' }, /TRUST_PROXY.*"1"/],
    [{ TRUST_PROXY: 'loopback, foo' }, /TRUST_PROXY.*"foo"/],
  ])('refuses %j, which do not fit together', (environment, message) => {
    expect(() => loadConfig(environment)).toThrow(ConfigError);
    expect(() => loadConfig(environment)).toThrow(message);
  });

  it.each([
    [{ PUBLIC_URL: 'https://tally.example/' }, 'PUBLIC_URL must not end with a slash'],
    [{ PUBLIC_URL: 'https://tally.example/api' }, 'below no path'],
    [{ PUBLIC_URL: 'https://tally.example?a=1' }, 'must end after the host name'],
    [{ PUBLIC_URL: 'ftp://tally.example' }, 'is not a URL such as'],
    [{ PUBLIC_URL: 'https://tally example' }, 'is not a URL such as'],
    [{ SESSION_LIFETIME: '0' }, 'SESSION_LIFETIME must be at least one second'],
    [{ AUDIT_LIFETIME: '0.00001' }, 'AUDIT_LIFETIME must be at least one second'],
    [{ WORKERS: 'many' }, 'WORKERS must be a number from 1 to 999, or auto'],
    [{ REDIS_URL: 'redis.example' }, 'REDIS_URL must begin with redis:// or rediss://'],
    [{ REDIS_URL: 'redis://u:p%zz@localhost' }, 'REDIS_URL is not a URL such as'],
    [{ REDIS_URL: 'redis://localhost/name' }, 'REDIS_URL is not a URL such as'],
    [{ DATABASE_URL: 'oracle://db' }, 'DATABASE_URL must be sqlite:FILE, postgres://'],
    [{ STORAGE_URL: 'ftp://files' }, 'STORAGE_URL must be file:FOLDER or s3://'],
    [{ TOKEN_AUDIENCE: ' ' }, 'TOKEN_AUDIENCE is blank'],
    [{ HOST: '\t' }, 'HOST is blank'],
    [{ DATA_DIR: '  ' }, 'DATA_DIR is blank'],
  ])('says what is wrong with %j', (environment, reason) => {
    expect(() => loadConfig(environment)).toThrow(ConfigError);
    expect(() => loadConfig(environment)).toThrow(reason);
  });

  it('takes as little as one second where days are set', () => {
    expect(() => loadConfig({ SESSION_LIFETIME: '0.0000116' })).not.toThrow();
  });

  it('names every variable that is wrong, and shows no value', () => {
    const wrong = () => loadConfig({ PORT: 'p-secret', SUM_MAX_DEPTH: 'd-secret' });
    expect(wrong).toThrow(/PORT.*SUM_MAX_DEPTH/);
    expect(wrong).not.toThrow(/secret/);
  });

  it('says what a value must be for every variable with a pattern', () => {
    const unexplained = Object.entries<TSchema>(environmentSchema.properties)
      .filter(([, { pattern, must }]) => pattern && pattern !== EMPTY_OR_VISIBLE && !must)
      .map(([name]) => name);
    expect(unexplained).toEqual([]);
  });

  it('explains every variable', () => {
    for (const name of Object.keys(environmentSchema.properties)) {
      expect(describeEnvironment()).toMatch(new RegExp(`^  ${name} +\\S.+`, 'm'));
    }
  });
});
