/**
 * A sign of life.
 */
export type Health = {
    /**
     * Always `ok`; a failing check answers with another HTTP status.
     */
    status: 'ok';
};
