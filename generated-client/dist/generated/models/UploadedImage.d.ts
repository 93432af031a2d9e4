import type { ImageSize } from './ImageSize.js';
import type { ImageUploadLink } from './ImageUploadLink.js';
/**
 * A new image, with its link if one was requested.
 */
export type UploadedImage = {
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
    link?: ImageUploadLink;
};
