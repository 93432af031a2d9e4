import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailSettings, MailTarget } from './settings.ts';

/** A text in two forms. */
export interface Message {
  /** The address of the one recipient. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Sends a message. Its id is the same in all attempts, so that a reader can tell a repetition. */
export type SendMessage = (id: string, message: Message, signal: AbortSignal) => Promise<void>;

const CONNECT_TIMEOUT_MS = 10_000;
/** Longest silence of a mail server. */
const SILENCE_TIMEOUT_MS = 120_000;

/** A refusal that another attempt would get again. */
export class MailRefused extends Error {
  constructor(cause: unknown) {
    super('the mail server refuses the message for good', { cause });
  }
}

export function createSender({ target, from, productName }: MailSettings): SendMessage {
  const compose = ({ to, ...texts }: Message, id: string) => ({
    from: { name: productName, address: from },
    // As an object, so that no character of an address can make it a list.
    to: { name: '', address: to },
    ...texts,
    messageId: `<${id}@${from.split('@')[1]}>`,
    // RFC 3834 section 5: nobody's automatic reply should come back.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (target.kind === 'folder') return writeTo(target.folder, compose);
  const transport = createTransport(optionsOf(target));
  return async (id, message, signal) => {
    try {
      await transport.sendMail({ ...compose(message, id), signal });
    } catch (error) {
      throw isRefusal(error) ? new MailRefused(error) : error;
    }
  };
}

function optionsOf({ host, port, tls, user, password }: MailTarget & { kind: 'smtp' }) {
  return {
    host,
    port,
    secure: tls === 'always',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: SILENCE_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    ...(user && { auth: { user, pass: password } }),
  };
}

/** Writes messages as files that mail programs open, in place of sending them. */
function writeTo(folder: string, compose: (message: Message, id: string) => object): SendMessage {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return async (id, message) => {
    const { message: bytes } = await transport.sendMail(compose(message, id));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${id}.eml`);
    await writeFile(`${path}.part`, bytes as Buffer, { mode: 0o600 });
    await rename(`${path}.part`, path);
  };
}

/** Tells whether a server refuses the recipient or the text; a refused sender is a setting to correct. */
function isRefusal(error: unknown): boolean {
  const { code, command, responseCode = 0 } = error as SmtpError;
  const isOfMessage = (code === 'EENVELOPE' && command === 'RCPT TO') || code === 'EMESSAGE';
  return (
    isOfMessage && responseCode >= 500 && responseCode < 600 && ![503, 530].includes(responseCode)
  );
}

interface SmtpError extends Error {
  code?: string;
  /** The command that was refused. */
  command?: string;
  responseCode?: number;
}
