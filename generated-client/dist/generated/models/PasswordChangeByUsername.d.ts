/**
 * A new password for a user name.
 */
export type PasswordChangeByUsername = {
    /**
     * The user name, regardless of case.
     */
    username: string;
    /**
     * The password until now.
     */
    current_password: string;
    /**
     * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
     */
    new_password: string;
};
