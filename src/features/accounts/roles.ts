export const ROLES = ['user', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const SCOPES: Record<Role, readonly string[]> = {
  user: ['sum', 'accounts'],
  admin: ['sum', 'accounts', 'admin'],
};

/** All that tokens of accounts can open. */
export const ACCOUNT_SCOPES: readonly string[] = [...new Set(Object.values(SCOPES).flat())];

/** What an account of that role may use. */
export function scopesOf(role: string): readonly string[] {
  return SCOPES[role as Role];
}
