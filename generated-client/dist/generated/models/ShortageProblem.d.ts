/**
 * An error that may list shortages (RFC 9457).
 */
export type ShortageProblem = {
    /**
     * Always `about:blank`; `code` identifies the kind of error.
     */
    type: string;
    /**
     * The reason phrase of the status.
     */
    title: string;
    /**
     * The HTTP status.
     */
    status: number;
    /**
     * The cause of this error and what to do about it, for people.
     */
    detail: string;
    /**
     * The kind of error, for programs. Stable.
     */
    code: string;
    /**
     * The id of the request, as in X-Request-Id and the log.
     */
    request_id: string;
    /**
     * One entry for each invalid member, in order; at most the first 20.
     */
    errors?: Array<{
        /**
         * JSON Pointer (RFC 6901) to the member, within body, query, path or headers.
         */
        path: string;
        /**
         * The rule that it breaks.
         */
        message: string;
    }>;
    /**
     * With `insufficient_stock`: each product of which there is too little.
     */
    shortages?: Array<{
        /**
         * The product.
         */
        product: string;
        /**
         * The requested units.
         */
        requested: number;
        /**
         * The units in stock.
         */
        available: number;
    }>;
};
