/**
 * Changes by the owner of an account.
 */
export type OwnChanges = {
    first_name?: string;
    last_name?: string;
    /**
     * Unique, regardless of case.
     */
    email?: string;
    /**
     * Required to change the e-mail address.
     */
    current_password?: string;
};
