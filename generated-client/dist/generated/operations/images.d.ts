import type { Image } from '../models/Image.js';
import type { ImageLink } from '../models/ImageLink.js';
import type { ImageLinkPage } from '../models/ImageLinkPage.js';
import type { ImagePage } from '../models/ImagePage.js';
import type { NewImageLink } from '../models/NewImageLink.js';
import type { UploadedImage } from '../models/UploadedImage.js';
import type { Operation } from '../../operation.js';
export declare const uploadImage: (formData: {
    /**
     * A PNG or JPEG, whatever its name and type are.
     */
    image: Blob;
    /**
     * Also creates a link with this lifetime to the best size of the tier, which must include links.
     */
    expiring_time_seconds?: number;
}) => Operation<UploadedImage>;
export declare const listImages: () => Operation<ImagePage>;
export declare const getImage: (id: string) => Operation<Image>;
export declare const deleteImage: (id: string) => Operation<void>;
export declare const downloadImage: (id: string, size: string) => Operation<Blob>;
export declare const followImageLink: (token: string) => Operation<Blob>;
export declare const createImageLink: (id: string, requestBody: NewImageLink) => Operation<ImageLink>;
export declare const listImageLinks: (id: string) => Operation<ImageLinkPage>;
export declare const deleteImageLink: (id: string, linkId: string) => Operation<void>;
