/**
 * Whose password is forgotten.
 */
export type ForgottenPassword = {
    /**
     * The e-mail address, regardless of case.
     */
    email: string;
};
