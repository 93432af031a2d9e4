/**
 * An account to register.
 */
export type NewAccount = {
    /**
     * Unique, regardless of case.
     */
    email: string;
    /**
     * 8 to 128 characters, any of them. Not a common password, nor the e-mail address or a name.
     */
    password: string;
    /**
     * Unique regardless of case, never changes, and is never given to another account, even after deletion. Visible characters only. With an @, or a compatibility form of one, it must be the e-mail address. Default: the e-mail address, or a name derived from it if that is taken.
     */
    username?: string;
    first_name?: string;
    last_name?: string;
};
