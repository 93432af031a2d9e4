/**
 * A new password for an e-mail address.
 */
export type PasswordChangeByEmail = {
    /**
     * The e-mail address, regardless of case.
     */
    email: string;
    /**
     * The password until now.
     */
    current_password: string;
    /**
     * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
     */
    new_password: string;
};
