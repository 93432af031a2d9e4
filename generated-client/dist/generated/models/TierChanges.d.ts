/**
 * The members of a tier to change. Changes take effect at once.
 */
export type TierChanges = {
    /**
     * Heights of thumbnails, in pixels.
     */
    thumbnail_heights?: Array<number>;
    /**
     * True if originals can be read.
     */
    original?: boolean;
    /**
     * True if links can be created.
     */
    expiring_links?: boolean;
    /**
     * Largest upload.
     */
    max_bytes?: number;
    /**
     * Largest total of all originals and thumbnails of an account.
     */
    quota_bytes?: number;
};
