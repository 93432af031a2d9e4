import { foldCase } from '../accounts/names.ts';
import type { Actor } from '../accounts/service.ts';
import type { Origin } from '../audit-events/repository.ts';
import { accountProblems } from '../problems.ts';
import { hashOfToken } from '../secret-tokens.ts';
import type { AttemptLimiter } from '../sign-in/attempt-limiter.ts';
import { refuseUnusable, refuseWeak } from '../sign-in/password-rules.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { Store } from '../store.ts';

const NOBODY = 'There is no account with this e-mail address.';
/** Time for which a link works. */
export const RESET_LIFETIME_MS = 30 * 60_000;
/** Time for which links are remembered, to count the mails that were sent. */
export const RESET_MEMORY_MS = 60 * 60_000;

interface PasswordResetDeps {
  store: Store;
  passwords: Pick<Passwords, 'hash'>;
  limiter: Pick<AttemptLimiter, 'forget'>;
}

export interface PasswordResetService {
  /** Asks for a mail with a link. Does the same work for every address: whose it is turns out when the mail is sent. */
  request(email: string, origin: Origin): Promise<void>;
  /**
   * Sends the owner of an account a mail with a link, for an administrator, who does not see it.
   *
   * @throws {Problem} `account_not_found`
   */
  send(actor: Actor, email: string): Promise<void>;
  /**
   * Sets the password of the account that a link is for, ends its sessions, and tells its owner.
   *
   * @throws {Problem} `invalid_link`, `weak_password`, `busy`
   */
  reset(token: string, password: string, origin: Origin): Promise<void>;
}

export function createPasswordResetService(deps: PasswordResetDeps): PasswordResetService {
  const { store, passwords, limiter } = deps;

  return {
    async request(email, origin) {
      const data = { email, ...toData(origin) };
      await store.mails.add({
        kind: 'password_reset',
        data,
        subject: `address ${foldCase(email)}`,
      });
    },

    async send({ accountId, ...origin }, email) {
      const account = await store.accounts.find({ email });
      if (!account) throw accountProblems.accountNotFound(NOBODY);
      const { id } = account;
      const data = { account_id: id, actor_id: accountId, ...toData(origin) };
      await store.mails.add({ kind: 'password_reset', data, subject: `account ${id}` });
    },

    async reset(token, password, origin) {
      refuseUnusable('/new_password', password);
      const hash = hashOfToken(token);
      const since = Date.now() - RESET_LIFETIME_MS;
      const found = await store.passwordResets.findAccount(hash, since);
      if (!found) throw accountProblems.invalidLink();
      refuseWeak('/new_password', password, found);
      const password_hash = await passwords.hash(password);
      await store.transaction(async (repositories) => {
        const { accounts, sessions, passwordResets, mails, auditEvents } = repositories;
        const account = await accounts.lock(found.id);
        const isValid =
          account?.disabled_at === null && (await passwordResets.spend(account.id, hash, since));
        if (!isValid) throw accountProblems.invalidLink();
        const { id, email } = account;
        await accounts.update(id, { password_hash });
        await sessions.deleteAll(id);
        await limiter.forget(repositories, id);
        await auditEvents.add({ ...origin, action: 'password_reset', subjectId: id });
        await mails.add({
          kind: 'password_changed',
          data: { account_id: id, to: email },
          subject: id,
        });
      });
    },
  };
}

const toData = ({ address, requestId }: Origin) => ({
  address: address ?? '',
  request_id: requestId,
});
