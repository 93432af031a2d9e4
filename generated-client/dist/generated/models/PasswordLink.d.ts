/**
 * Whose password is to be set anew.
 */
export type PasswordLink = {
    /**
     * The id of the account.
     */
    account: string;
};
