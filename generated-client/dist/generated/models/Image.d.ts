import type { ImageSize } from './ImageSize.js';
/**
 * An image.
 */
export type Image = {
    /**
     * A UUIDv7.
     */
    id: string;
    /**
     * When it was uploaded.
     */
    created: string;
    /**
     * The sizes that the tier of the owner includes now.
     */
    images: Array<ImageSize>;
};
