import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

/** A mail as its recipient reads it. */
export interface ReceivedMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** All of it, as it was sent. */
  raw: string;
}

/** Reads a mail with a plain and an HTML part. */
export function parseMail(raw: string): ReceivedMail {
  const header = (name: string) =>
    new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\r\n/g, '') ??
    '';
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(raw) ?? [];
  const part = (type: string) => {
    const found = raw.split(`--${boundary}`).find((text) => text.includes(`Content-Type: ${type}`));
    const [head = '', ...body] = (found ?? '').split('\r\n\r\n');
    return decode(body.join('\r\n\r\n'), /encoding: (\S+)/i.exec(head)?.[1] ?? '');
  };
  return {
    to: header('To'),
    subject: header('Subject'),
    text: part('text/plain'),
    html: part('text/html'),
    raw,
  };
}

function decode(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString();
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** Waits for the mails to an address in the folder of a server, the oldest first. */
export async function mailsTo(
  { config }: Pick<TestServer, 'config'>,
  address: string,
  count = 1,
): Promise<ReceivedMail[]> {
  let found: ReceivedMail[] = [];
  await expect
    .poll(
      async () => {
        found = (await mailsIn(join(config.dataDir, 'outbox'))).filter(({ to }) => to === address);
        return found.length;
      },
      { timeout: 30_000, message: `mails to ${address}` },
    )
    .toBe(count);
  return found;
}

async function mailsIn(folder: string): Promise<ReceivedMail[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(
    files.map(async (name) => parseMail(await readFile(join(folder, name), 'latin1'))),
  );
}

/** Returns the token of the link in a mail. */
export function tokenIn({ text }: ReceivedMail): string {
  const [, token] = /#token=(\S+)/.exec(text) ?? [];
  if (!token) throw new Error(`there is no link in: ${text}`);
  return token;
}
