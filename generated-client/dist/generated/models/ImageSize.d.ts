/**
 * One size of an image.
 */
export type ImageSize = {
    /**
     * `original`, or a height as in `200px`.
     */
    size: string;
    /**
     * The address of the file, signed: it works without a token, as in `<img src>`, for one to two days.
     */
    url: string;
    /**
     * In pixels, as the image is meant to be seen.
     */
    width: number;
    /**
     * A small image is not enlarged.
     */
    height: number;
    /**
     * Also that of the uploaded file.
     */
    format: 'jpeg' | 'png';
    /**
     * Null for a thumbnail that the tier got after the upload, until it is first read.
     */
    bytes: number | null;
};
