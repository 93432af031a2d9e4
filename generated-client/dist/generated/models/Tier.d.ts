/**
 * The rights that accounts have for their images.
 */
export type Tier = {
    /**
     * Never changes.
     */
    name: string;
    /**
     * True if it came with Tally and cannot be deleted.
     */
    built_in: boolean;
    /**
     * Heights of thumbnails, in pixels.
     */
    thumbnail_heights: Array<number>;
    /**
     * True if originals can be read.
     */
    original: boolean;
    /**
     * True if links can be created.
     */
    expiring_links: boolean;
    /**
     * Largest upload.
     */
    max_bytes: number;
    /**
     * Largest total of all originals and thumbnails of an account.
     */
    quota_bytes: number;
};
