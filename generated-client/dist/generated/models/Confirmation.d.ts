/**
 * The password, once more.
 */
export type Confirmation = {
    /**
     * The password.
     */
    password: string;
};
