/**
 * A link to one size of an image, for anyone who has it.
 */
export type ImageLink = {
    /**
     * A UUIDv7.
     */
    id: string;
    /**
     * The address that shows the image to anyone.
     */
    url: string;
    /**
     * The size that it opens: `original`, or a height as in `200px`.
     */
    size: string;
    /**
     * When it was created.
     */
    created: string;
    /**
     * When it expires. Null: never.
     */
    expires: string | null;
};
