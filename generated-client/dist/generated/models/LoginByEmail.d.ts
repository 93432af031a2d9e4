/**
 * An e-mail address and its password.
 */
export type LoginByEmail = {
    /**
     * The e-mail address, regardless of case.
     */
    email: string;
    /**
     * The password.
     */
    password: string;
};
