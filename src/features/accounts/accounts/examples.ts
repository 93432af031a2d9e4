export const EXAMPLE_ID = '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071';

export const EXAMPLE_ACCOUNT = {
  id: EXAMPLE_ID,
  username: 'ada',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  role: 'user',
  tier: 'basic',
  created: '2026-01-31T09:30:00.000Z',
};

export const EXAMPLE_TOKENS = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'sum accounts',
  refresh_token: 'mF_9.B5f-4.1JqM8nq3vT0uQxWZk2yL7cRd5aEoHs6Gi',
};

export const EXAMPLE_SESSION = {
  id: EXAMPLE_ID,
  created: '2026-01-31T09:30:00.000Z',
  last_used: '2026-01-31T10:25:00.000Z',
  user_agent: 'Mozilla/5.0',
  address: '203.0.113.7',
  current: true,
};

export const EXAMPLE_EVENT = {
  id: EXAMPLE_ID,
  time: '2026-01-31T09:30:00.000Z',
  action: 'role_changed',
  subject: EXAMPLE_ID,
  actor: '019a2b3c-0000-7f60-8a1b-2c3d4e5f6071',
  address: '203.0.113.7',
  request_id: '0f5c6a0e-9d1b-4f7e-8a55-2f6f0f1c7d3a',
  details: { from: 'user', to: 'admin' },
};

/** One page that holds all there is. */
export const examplePage = (entry: object) => ({
  count: 1,
  next: null,
  previous: null,
  results: [entry],
});
