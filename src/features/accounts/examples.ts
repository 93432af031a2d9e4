import { bodyExamples } from '../../http/body-examples.ts';
import type { NewAccount } from './accounts/schemas.ts';

const ada: NewAccount = {
  email: 'ada@example.com',
  password: 'correct horse battery staple',
  username: 'ada',
  first_name: 'Ada',
  last_name: 'Lovelace',
};
const { email, username, password } = ada;
const nextPassword = 'seven green bicycles';

/** Examples that can be sent one after the other: the account of the first is that of the others. */
export const accountExamples = {
  register: bodyExamples({
    ada: ['An account for Ada', ada],
    brief: ['As little as it takes', { email: 'grace@example.com', password }],
  }),
  login: bodyExamples({
    email: ['By e-mail address', { email, password }],
    username: ['By user name', { username, password }],
  }),
  changePassword: bodyExamples({
    change: ['A new password', { email, current_password: password, new_password: nextPassword }],
    back: ['And back again', { email, current_password: nextPassword, new_password: password }],
  }),
  requestPasswordReset: bodyExamples({ ada: ['For Ada', { email }] }),
  resetPassword: bodyExamples({
    link: [
      'The token of the link in the mail',
      { token: 'nq3vT0uQxWZk2yL7cRd5aEoHs6Gi_mF9B5f4-1JqM8A', new_password: nextPassword },
    ],
  }),
  refresh: bodyExamples({
    last: [
      'The refresh token of your last sign-in',
      { refresh_token: 'mF_9.B5f-4.1JqM8nq3vT0uQxWZk2yL7cRd5aEoHs6Gi' },
    ],
  }),
  updateOwn: bodyExamples({ name: ['Another first name', { first_name: 'Augusta Ada' }] }),
  deleteOwn: bodyExamples({ confirmation: ['The password, once more', { password }] }),
  update: bodyExamples({
    tier: ['A tier that includes originals and links', { tier: 'enterprise' }],
    disabled: ['Nobody can sign in with it', { disabled: true }],
  }),
};
