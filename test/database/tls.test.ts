import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/config-error.ts';
import { postgresWire } from '../../src/database/servers/postgres.ts';
import { freePort } from '../helpers/free-port.ts';

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

it.each(MODES)('accepts sslmode=%s of PostgreSQL, without a warning', async (mode) => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => void warnings.push(warning);
  process.on('warning', listen);
  onTestFinished(() => void process.off('warning', listen));
  const DATABASE_URL = `postgres://a@127.0.0.1:${await freePort()}/a?sslmode=${mode}`;
  const { location } = loadConfig({ DATABASE_URL }).database;
  const wire = postgresWire({ url: location, timeout: 0, mustWrite: false })();
  await expect(wire.open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

it.each([
  'postgres://a@b/c?sslmode=verify',
  'mysql://a@b/c?sslmode=require',
  'mysql://a@b/c?ssl-mode=REQUIRED',
  'mariadb://a@b/c?ssl=true',
  'mysql://a@b/c?ssl={verifyIdentity}',
  'mysql://a@b/c?ssl={}&sslrootcert=ca.pem',
  'postgres://a@b,d/c?sslrootcert=ca.pem&sslmode=on',
])('refuses what would not be understood: %s', (DATABASE_URL) => {
  expect(() => loadConfig({ DATABASE_URL })).toThrow(ConfigError);
});

it.each([
  'mysql://a@b/c?ssl={"verifyIdentity":true}',
  'mysql://a@b,d/c?ssl=%7B%7D',
  'mysql://a@b/c?ssl=Amazon%20RDS',
])('accepts the TLS of MySQL: %s', (DATABASE_URL) => {
  expect(loadConfig({ DATABASE_URL }).database.location).toBe(DATABASE_URL);
});
