export const ROLES = ['user', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const SCOPES: Record<Role, readonly string[]> = {
  user: ['sum', 'accounts'],
  admin: ['sum', 'accounts', 'admin'],
};

/** The scopes that tokens of accounts can have. */
export const ACCOUNT_SCOPES: readonly string[] = [...new Set(Object.values(SCOPES).flat())];

/** Returns the scopes that tokens of accounts with a role have. */
export function scopesOf(role: string): readonly string[] {
  return SCOPES[role as Role];
}
