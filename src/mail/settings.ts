import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, readSetting } from '../config-error.ts';
import { computed, EMPTY_OR_VISIBLE, text, type Values } from '../setting-types.ts';

/** An address that is one in SMTP: no spaces, quotes, lists or names. */
const ADDRESS = '^$|^[^\\s"(),:;<>@[\\]\\\\\\p{C}]+@[^\\s"(),:;<>@[\\]\\\\\\p{C}]+$';

export const mailVariables = {
  MAIL_URL: text(
    'folder:FOLDER (in DATA_DIR unless absolute), which sends nothing and writes .eml files, or smtp://USER:PASSWORD@HOST:587, or smtps://USER:PASSWORD@HOST; smtp:// needs STARTTLS unless the host is this machine or ?tls=off',
    'folder:outbox',
    '^(folder:.+|smtps?://.+)$',
    'be folder:FOLDER, smtp://USER:PASSWORD@HOST or smtps://USER:PASSWORD@HOST',
  ),
  MAIL_PASSWORD_FILE: text(
    'file with the password of the user in MAIL_URL, which then has none; of any characters, where a URL needs %23 for #',
  ),
  MAIL_FROM: computed(
    'tally@ the host of PUBLIC_URL',
    text(
      'address of the sender',
      '',
      ADDRESS,
      'be an address alone, such as tally@example.com; the name is MAIL_PRODUCT_NAME',
    ),
  ),
  MAIL_PRODUCT_NAME: text(
    'name of the sender, and of the product in the texts',
    'Tally',
    '^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]{1,100}$',
    'be 1 to 100 printable characters',
  ),
  MAIL_LINK_URL: computed(
    'PUBLIC_URL/pages',
    text(
      'address of the pages that links in mails lead to; Tally serves its own',
      '',
      EMPTY_OR_VISIBLE,
    ),
  ),
};

/** A server for mail, or a folder. */
export type MailTarget =
  | { kind: 'folder'; folder: string }
  | {
      kind: 'smtp';
      host: string;
      port: number;
      /** TLS from the first byte, by STARTTLS, or none. */
      tls: 'always' | 'starttls' | 'off';
      user: string;
      password: string;
    };

/** `linkUrl` has no slash at its end. */
export type MailSettings = ReturnType<typeof toMailSettings>;

/** @throws {ConfigError} if the URL or the password file cannot be read, or they do not go together */
export function toMailSettings(
  env: Values<typeof mailVariables>,
  { dataDir, publicUrl }: { dataDir: string; publicUrl: string },
) {
  const [, folder] = /^folder:(?:\/\/)?(.+)$/s.exec(env.MAIL_URL) ?? [];
  if (folder !== undefined && env.MAIL_PASSWORD_FILE) {
    throw new ConfigError('MAIL_PASSWORD_FILE needs a MAIL_URL that names a server');
  }
  const target: MailTarget =
    folder === undefined ? toServer(env) : { kind: 'folder', folder: resolve(dataDir, folder) };
  return {
    target,
    from: env.MAIL_FROM || `tally@${new URL(publicUrl).hostname}`,
    productName: env.MAIL_PRODUCT_NAME,
    linkUrl: toLinkUrl(env.MAIL_LINK_URL) || `${publicUrl}/pages`,
  };
}

function toLinkUrl(given: string): string {
  if (given === '') return '';
  const url = URL.parse(given);
  if (!url || !/^https?:$/.test(url.protocol) || url.hash || url.search) {
    throw new ConfigError(
      'MAIL_LINK_URL must be a URL without ? and #, such as https://tally.example/account',
    );
  }
  return given.replace(/\/+$/, '');
}

function toServer(env: Values<typeof mailVariables>): MailTarget {
  const url = parseServer(env.MAIL_URL);
  const always = url.protocol === 'smtps:';
  return {
    kind: 'smtp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (always ? 465 : 587),
    tls: isTlsOff(url) ? 'off' : always ? 'always' : 'starttls',
    user: decode(url.username),
    password: passwordOf(url, env.MAIL_PASSWORD_FILE),
  };
}

/** @throws {ConfigError} if the URL is not one, or has parts that would be ignored */
function parseServer(text: string): URL {
  const url = URL.parse(text);
  const [authority = ''] = text.replace(/^smtps?:\/\//, '').split('?');
  if (!url?.hostname || text.includes('#') || authority.replace(/\/$/, '').includes('/')) {
    throw new ConfigError(
      'MAIL_URL is not smtp://USER:PASSWORD@HOST:PORT; percent-encode special characters of its password, such as # as %23, or put the password into MAIL_PASSWORD_FILE',
    );
  }
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError(
      'MAIL_URL has a % that encodes nothing: write %25, or put the password into MAIL_PASSWORD_FILE',
    );
  }
}

/** Tells if a server may be talked to in the clear: one on this machine, or where the operator says so. */
function isTlsOff({ hostname, protocol, searchParams }: URL): boolean {
  for (const [name, value] of searchParams) {
    if (name !== 'tls' || value !== 'off' || protocol === 'smtps:') {
      throw new ConfigError(
        'MAIL_URL can end with ?tls=off after smtp://, and with no other parameter',
      );
    }
  }
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return searchParams.has('tls') || (isHere && protocol === 'smtp:');
}

function passwordOf(url: URL, file: string): string {
  if (!file) return decode(url.password);
  if (!url.username || url.password) {
    throw new ConfigError(
      'MAIL_PASSWORD_FILE needs a MAIL_URL with a user and without a password, such as smtp://tally@mail.example:587',
    );
  }
  return readSetting('MAIL_PASSWORD_FILE', 'set it to a file that this user may read', () =>
    readFileSync(file, 'utf8').replace(/\r?\n$/, ''),
  );
}
