/**
 * A link that was created with the image.
 */
export type ImageUploadLink = {
    /**
     * The address that shows the image to anyone.
     */
    url: string;
    /**
     * The size that it opens: `original`, or a height as in `200px`.
     */
    size: string;
    /**
     * When the link expires.
     */
    expires: string;
};
