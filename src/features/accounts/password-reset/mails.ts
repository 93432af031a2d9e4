import type { Compose } from '../../../mail/delivery.ts';
import { layOut, type MailText } from '../../../mail/layout.ts';
import type { MailSettings } from '../../../mail/settings.ts';
import type { AccountRow } from '../accounts/repository.ts';
import type { AuditAction } from '../audit-events/repository.ts';
import { createSecretToken, hashOfToken } from '../secret-tokens.ts';
import type { Store } from '../store.ts';
import { RESET_LIFETIME_MS, RESET_MEMORY_MS } from './service.ts';

interface MailDeps {
  store: Store;
  mail: Pick<MailSettings, 'productName' | 'linkUrl'>;
  /** Most mails of one kind that an account gets in an hour. */
  mailsPerAccount: number;
}

type Data = Parameters<Compose>[0];

/** Makes the mails about passwords. Their texts have nothing that a stranger could write, such as a user name. */
export function createPasswordMails(deps: MailDeps): Record<string, Compose> {
  const { store, mail, mailsPerAccount } = deps;
  const { productName } = mail;
  const page = `${mail.linkUrl}/reset-password`;

  /** Tells the owner of an account, at the address that it had then, what has just happened. */
  async function notify({ account_id = '', to = '' }: Data, action: AuditAction, text: MailText) {
    const since = Date.now() - RESET_MEMORY_MS;
    const events = await store.auditEvents.count(account_id, action, since);
    return events > mailsPerAccount ? undefined : { to, ...layOut(productName, text) };
  }

  return {
    /** With a link, which exists from now on. Its token is stored nowhere else. */
    async password_reset(data, mailId) {
      const token = createSecretToken();
      const account = await addLink(deps, token, mailId, data);
      if (!account) return undefined;
      const text = {
        subject: `Set a new password for ${productName}`,
        paragraphs: [
          `Someone asked to set a new password for your account. If it was you, follow this link; it works once, within ${RESET_LIFETIME_MS / 60_000} minutes.`,
          'If it was not you, there is nothing to do: the password stays as it is.',
        ],
        link: { label: 'Set a new password', url: `${page}#token=${token}` },
      };
      return { to: account.email, ...layOut(productName, text) };
    },

    password_changed: (data) =>
      notify(data, 'password_changed', {
        subject: `Your password for ${productName} was changed`,
        paragraphs: [
          'The password of your account was changed, and all its sessions were ended.',
          'If it was not you, set a new one at once, and tell an administrator.',
        ],
        link: { label: 'Ask for a link', url: page },
      }),

    email_changed: (data) =>
      notify(data, 'account_changed', {
        subject: `Your e-mail address for ${productName} was changed`,
        paragraphs: [
          'Your account has another e-mail address now; mails about it do not come here any more.',
          'If it was not you, tell an administrator at once.',
        ],
      }),
  };
}

/**
 * Stores the hash of a link's token. Returns the account that it is for, as it is at that moment, or undefined if there is
 * none, it cannot sign in, or strangers have had too many links sent to it.
 */
async function addLink(
  { store, mailsPerAccount }: MailDeps,
  token: string,
  mailId: string,
  data: Data,
): Promise<AccountRow | undefined> {
  const { account_id, actor_id, email = '', address, request_id = '' } = data;
  const id = account_id ?? (await store.accounts.find({ email }))?.id;
  if (id === undefined) return undefined;
  return store.transaction(async ({ accounts, passwordResets, auditEvents }) => {
    const now = Date.now();
    const account = await accounts.lock(id);
    if (account?.disabled_at !== null) return undefined;
    const others = await passwordResets.countMails(id, now - RESET_MEMORY_MS, mailId);
    if (actor_id === undefined && others >= mailsPerAccount) return undefined;
    const hash = hashOfToken(token);
    const link = { hash, account_id: id, mail_id: mailId, created_at: now, ended_at: null };
    await passwordResets.insert(link);
    await auditEvents.add({
      action: 'password_reset_requested',
      subjectId: id,
      actorId: actor_id ?? null,
      address: address || null,
      requestId: request_id,
    });
    return account;
  });
}
