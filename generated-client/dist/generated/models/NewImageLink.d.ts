/**
 * A link to create.
 */
export type NewImageLink = {
    /**
     * The lifetime of the link. Null, for administrators only: it never expires.
     */
    expiring_time_seconds: number | null;
    /**
     * Default: the best that the tier includes.
     */
    size?: string;
};
