/**
 * A user name and a password.
 */
export type Credentials = {
    /**
     * Becomes the subject (sub) of the token, as it is.
     */
    username: string;
    /**
     * Any password: a guest is not verified.
     */
    password: string;
};
