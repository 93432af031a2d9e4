/**
 * An error (RFC 9457).
 */
export type Problem = {
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
};
