import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/config-error.ts';

const mailOf = (environment: Record<string, string>) => loadConfig(environment).mail;

describe('MAIL_URL', () => {
  it('is a folder in DATA_DIR by default', () => {
    expect(mailOf({ DATA_DIR: '/var/lib/tally', PUBLIC_URL: 'https://tally.example' })).toEqual({
      target: { kind: 'folder', folder: '/var/lib/tally/outbox' },
      from: 'tally@tally.example',
      productName: 'Tally',
      linkUrl: 'https://tally.example/pages',
    });
  });

  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'starttls' }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, tls: 'always' }],
    ['smtp://mail.example:25?tls=off', { port: 25, tls: 'off' }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', tls: 'off' }],
    ['smtp://[::1]', { host: '::1', tls: 'off' }],
    ['smtps://localhost', { tls: 'always' }],
    ['smtps://a%40b:p%23s%2F@mail.example', { user: 'a@b', password: 'p#s/' }],
  ])('%s', (MAIL_URL, expected) => {
    expect(mailOf({ MAIL_URL }).target).toMatchObject({ kind: 'smtp', ...expected });
  });

  it.each([
    { MAIL_URL: 'http://mail.example' },
    { MAIL_URL: 'smtp://user:pa#ss@mail.example' },
    { MAIL_URL: 'smtp://user:pa/ss@mail.example' },
    { MAIL_URL: 'smtp://mail.example?secure=false' },
    { MAIL_URL: 'smtp://mail.example', MAIL_PASSWORD_FILE: '/nowhere' },
    { MAIL_URL: 'smtp://user@mail.example', MAIL_PASSWORD_FILE: '/nowhere' },
    { MAIL_URL: 'smtp://user:100%@mail.example' },
    { MAIL_URL: 'smtps://mail.example?tls=off' },
    { MAIL_URL: 'smtp://mail.example/inbox' },
    { MAIL_URL: 'smtp://mail.example:99999' },
    { MAIL_PASSWORD_FILE: '/nowhere' },
    { MAIL_FROM: 'Ada <ada@example.com>' },
    { MAIL_FROM: 'ada@example.com, eve@example.com' },
    { MAIL_FROM: 'ada@example.com\r\nBcc: eve@example.com' },
    { MAIL_PRODUCT_NAME: 'Tally\nBcc: eve@example.com' },
    { MAIL_LINK_URL: 'javascript:alert(1)' },
    { MAIL_LINK_URL: 'https://shop.example/#account' },
  ])('is refused, without showing its password: %j', (environment) => {
    const fail = () => mailOf(environment);
    expect(fail).toThrow(ConfigError);
    expect(fail).toThrow(/^(?!.*pa[#/]ss).*MAIL_/s);
  });

  it('takes its password from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-mail-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const MAIL_PASSWORD_FILE = join(folder, 'password');
    writeFileSync(MAIL_PASSWORD_FILE, 'p#s/ w\n');
    const { target } = mailOf({ MAIL_URL: 'smtp://user@mail.example', MAIL_PASSWORD_FILE });
    expect(target).toMatchObject({ user: 'user', password: 'p#s/ w' });
  });
});
