/** The content of an answer, and the rest of it. */
export interface WithResponse<Result> {
    data: Result;
    response: CallResponse;
}
export interface CallResponse {
    /** The HTTP status. */
    status: number;
    headers: Headers;
}
/** A promise of the content of an answer. */
export interface Call<Result> extends Promise<Result> {
    /**
     * Returns the content with the status and the headers of the response.
     *
     * @example
     * ```ts
     * const { data, response } = await tally.products.get(id).withResponse();
     * console.log(data.name, response.headers.get('etag'));
     * ```
     */
    withResponse(): Promise<WithResponse<Result>>;
}
export declare function toCall<Result>(answer: Promise<WithResponse<Result>>): Call<Result>;
