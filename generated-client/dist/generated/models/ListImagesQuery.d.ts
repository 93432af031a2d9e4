/**
 * The query of a list.
 */
export type ListImagesQuery = {
    /**
     * Number of the page, from 1, which is the default.
     */
    page?: number;
    /**
     * In place of `page`: the `after` of the page before.
     */
    after?: string;
    /**
     * Entries per page.
     */
    limit?: number;
};
