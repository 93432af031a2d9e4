// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Image } from '../models/Image.js';
import type { ImageLink } from '../models/ImageLink.js';
import type { ImageLinkPage } from '../models/ImageLinkPage.js';
import type { ImagePage } from '../models/ImagePage.js';
import type { NewImageLink } from '../models/NewImageLink.js';
import type { UploadedImage } from '../models/UploadedImage.js';
import type { Operation } from '../../operation.js';
export const uploadImage = (
  formData: {
    /**
     * A PNG or JPEG, whatever its name and type are.
     */
    image: Blob;
    /**
     * Also creates a link with this lifetime to the best size of the tier, which must include links.
     */
    expiring_time_seconds?: number;
  },
): Operation<UploadedImage> => ({
    method: 'POST',
    url: '/images',
    isKeyed: true,
    formData: formData,
    mediaType: 'multipart/form-data',
});
export const listImages = (): Operation<ImagePage> => ({
    method: 'GET',
    url: '/images',
});
export const getImage = (
  id: string,
): Operation<Image> => ({
    method: 'GET',
    url: '/images/{id}',
    path: {
      'id': id,
    },
});
export const deleteImage = (
  id: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/images/{id}',
    isEmpty: true,
    path: {
      'id': id,
    },
});
export const downloadImage = (
  id: string,
  size: string,
): Operation<Blob> => ({
    method: 'GET',
    url: '/images/{id}/{size}',
    fileTypes: ['image/jpeg', 'image/png'],
    path: {
      'id': id,
      'size': size,
    },
});
export const followImageLink = (
  token: string,
): Operation<Blob> => ({
    method: 'GET',
    url: '/links/{token}',
    isOpen: true,
    fileTypes: ['image/jpeg', 'image/png'],
    path: {
      'token': token,
    },
});
export const createImageLink = (
  id: string,
  requestBody: NewImageLink,
): Operation<ImageLink> => ({
    method: 'POST',
    url: '/images/{id}/links',
    isKeyed: true,
    path: {
      'id': id,
    },
    body: requestBody,
});
export const listImageLinks = (
  id: string,
): Operation<ImageLinkPage> => ({
    method: 'GET',
    url: '/images/{id}/links',
    path: {
      'id': id,
    },
});
export const deleteImageLink = (
  id: string,
  linkId: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/images/{id}/links/{link_id}',
    isEmpty: true,
    path: {
      'id': id,
      'link_id': linkId,
    },
});
