/**
 * A user name and its password.
 */
export type LoginByUsername = {
    /**
     * The user name, regardless of case.
     */
    username: string;
    /**
     * The password.
     */
    password: string;
};
