import type { Compose } from '../../../mail/delivery.ts';
import { layOut } from '../../../mail/layout.ts';
import type { MailSettings } from '../../../mail/settings.ts';
import type { AccountRow } from '../accounts/repository.ts';
import { createSecretToken, hashOfToken } from '../secret-tokens.ts';
import type { Store } from '../store.ts';
import { RESET_LIFETIME_MS, RESET_MEMORY_MS } from './service.ts';

interface MailDeps {
  store: Store;
  mail: Pick<MailSettings, 'productName' | 'linkUrl'>;
  /** Most mails with a link that strangers can have sent to an account in an hour. */
  mailsPerAccount: number;
}

/** Makes the mails about passwords. */
export function createPasswordMails(deps: MailDeps): Record<string, Compose> {
  const { store, mail } = deps;
  const { productName } = mail;

  return {
    /** With a link, which exists from now on. Its token is stored nowhere else. */
    async password_reset(data, mailId) {
      const account = await findRecipient(store, data);
      if (!account) return undefined;
      const token = createSecretToken();
      if (!(await addLink(deps, account, token, mailId, data))) return undefined;
      const text = {
        subject: `Set a new password for ${productName}`,
        paragraphs: [
          `Someone asked to set a new password for the account ${account.username}. If it was you, follow this link; it works once, within ${RESET_LIFETIME_MS / 60_000} minutes.`,
          'If it was not you, there is nothing to do: the password stays as it is.',
        ],
        link: {
          label: 'Set a new password',
          url: `${mail.linkUrl}/reset-password#token=${token}`,
        },
      };
      return { to: account.email, ...layOut(productName, text) };
    },

    async password_changed({ account_id = '' }) {
      const account = await store.accounts.findById(account_id);
      if (!account) return undefined;
      const text = {
        subject: `Your password for ${productName} was changed`,
        paragraphs: [
          `The password of the account ${account.username} was changed, and all its sessions were ended.`,
          'If it was not you, set a new password at once, and tell an administrator.',
        ],
      };
      return { to: account.email, ...layOut(productName, text) };
    },
  };
}

/** Returns the account that a link is for, unless it cannot sign in. */
async function findRecipient({ accounts }: Store, { account_id, email = '' }: Data) {
  const account = account_id ? await accounts.findById(account_id) : await accounts.find({ email });
  return account?.disabled_at === null ? account : undefined;
}

type Data = Parameters<Compose>[0];

/** Stores the hash of a link's token, unless strangers have had too many sent. */
function addLink(
  { store, mailsPerAccount }: MailDeps,
  { id }: AccountRow,
  token: string,
  mailId: string,
  { actor_id, address, request_id = '' }: Data,
): Promise<boolean> {
  return store.transaction(async ({ accounts, passwordResets, auditEvents }) => {
    const now = Date.now();
    await accounts.lock(id);
    const others = await passwordResets.countMails(id, now - RESET_MEMORY_MS, mailId);
    if (actor_id === undefined && others >= mailsPerAccount) return false;
    const hash = hashOfToken(token);
    await passwordResets.insert({ hash, account_id: id, mail_id: mailId, created_at: now });
    await auditEvents.add({
      action: 'password_reset_requested',
      subjectId: id,
      actorId: actor_id ?? null,
      address: address || null,
      requestId: request_id,
    });
    return true;
  });
}
