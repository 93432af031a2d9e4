/**
 * A new password, by the link in a mail.
 */
export type PasswordReset = {
    /**
     * The part of the link after `token=`.
     */
    token: string;
    /**
     * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
     */
    new_password: string;
};
