import { type Static, Type } from '@sinclair/typebox';
import { nullable, oneOf, ref, time, uuid } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';
import { EXAMPLE_UPLOAD_LINK, LINK_LIFETIME, UploadLinkSchema } from '../links/schemas.ts';

const SizeSchema = Type.Object(
  {
    size: Type.String({ description: '`original`, or a height as in `200px`.' }),
    url: Type.String({
      format: 'uri',
      description:
        'The address of the file, signed: it works without a token, as in `<img src>`, for one to two days.',
    }),
    width: Type.Integer({
      minimum: 1,
      description: 'In pixels, as the image is meant to be seen.',
    }),
    height: Type.Integer({ minimum: 1, description: 'A small image is not enlarged.' }),
    format: oneOf(['jpeg', 'png'], 'Also that of the uploaded file.'),
    bytes: nullable(
      Type.Integer({
        description:
          'Null for a thumbnail that the tier got after the upload, until it is first read.',
      }),
    ),
  },
  { $id: 'ImageSize', description: 'One size of an image.' },
);

const members = {
  id: uuid('A UUIDv7.'),
  created: time('When it was uploaded.'),
  images: Type.Array(ref(SizeSchema), {
    description: 'The sizes that the tier of the owner includes now.',
  }),
};

export const ImageSchema = Type.Object(members, { $id: 'Image', description: 'An image.' });
export type ImageView = Static<typeof ImageSchema>;

export const UploadedImageSchema = Type.Object(
  { ...members, link: Type.Optional(ref(UploadLinkSchema)) },
  { $id: 'UploadedImage', description: 'A new image, with its link if one was requested.' },
);
export type UploadedImageView = Static<typeof UploadedImageSchema>;

export const ImagePageSchema = pageOf('ImagePage', ImageSchema, 'A page of images.');

export const imageSchemas = [SizeSchema, ImageSchema, UploadedImageSchema, ImagePageSchema];

/** Documents the form, which is read as it arrives. */
export const UploadSchema = Type.Object(
  {
    image: Type.Unsafe<string>({
      type: 'string',
      format: 'binary',
      description: 'A PNG or JPEG, whatever its name and type are.',
    }),
    expiring_time_seconds: Type.Optional(
      Type.Integer({
        ...LINK_LIFETIME,
        description:
          'Also creates a link with this lifetime to the best size of the tier, which must include links.',
      }),
    ),
  },
  { description: 'A form with one file.' },
);

const BASE = 'http://localhost:8000/images/019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071';
const exampleSize = (size: string, height: number, bytes: number) => ({
  size,
  url: `${BASE}/${size}?expires=1770076800&signature=AXG1Z7rI`,
  width: (height * 3) / 2,
  height,
  format: 'jpeg',
  bytes,
});
export const EXAMPLE_IMAGE = {
  id: BASE.slice(-36),
  created: '2026-01-31T09:30:00.000Z',
  images: [
    exampleSize('200px', 200, 9154),
    exampleSize('400px', 400, 30_518),
    exampleSize('original', 2000, 1_794_373),
  ],
};
export const EXAMPLE_UPLOAD = { ...EXAMPLE_IMAGE, link: EXAMPLE_UPLOAD_LINK };
