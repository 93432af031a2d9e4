import { type Static, Type } from '@sinclair/typebox';
import { pageOf, pageQuery } from '../../http/pages.ts';
import { uuid } from '../../http/responses.ts';
import { LINK_LIFETIME } from './upload.ts';

const MIB = 1024 ** 2;
/** An upload is held in memory while it is decoded. */
const MAX_BYTES = 100 * MIB;
const MAX_QUOTA = 2 ** 50;

const time = (description: string) => Type.String({ format: 'date-time', description });
const url = (description: string) => Type.String({ format: 'uri', description });

export const PageQuerySchema = Type.Object(pageQuery);
export const IdParamsSchema = Type.Object({ id: uuid('The image.') });
export type IdParams = Static<typeof IdParamsSchema>;
export const SizeParamsSchema = Type.Object({
  id: uuid('The image.'),
  size: Type.String({ maxLength: 16, description: '`original`, or a height as in `200px`.' }),
});
export type SizeParams = Static<typeof SizeParamsSchema>;
export const LinkParamsSchema = Type.Object({ id: uuid('The image.'), link_id: uuid('The link.') });
export type LinkParams = Static<typeof LinkParamsSchema>;
export const TokenParamsSchema = Type.Object({
  token: Type.String({ maxLength: 200, description: 'From the `url` of a link.' }),
});
export type TokenParams = Static<typeof TokenParamsSchema>;

/** For the documentation; the form is read as it arrives. */
export const UploadSchema = Type.Object(
  {
    image: Type.Unsafe<string>({
      type: 'string',
      format: 'binary',
      description: 'A PNG or JPEG, whatever its name and type say.',
    }),
    expiring_time_seconds: Type.Optional(
      Type.Integer({
        ...LINK_LIFETIME,
        description: 'Makes a link, too, that lives so long. The tier must include links.',
      }),
    ),
  },
  { description: 'A form with one file.' },
);

const format = Type.Unsafe<'jpeg' | 'png'>({ type: 'string', enum: ['jpeg', 'png'] });

export const ImageSizeSchema = Type.Object(
  {
    size: Type.String({ description: '`original`, or a height as in `200px`.' }),
    url: url('Where it is, for the owner and administrators.'),
    width: Type.Integer({
      minimum: 1,
      description: 'In pixels, as the image is meant to be seen.',
    }),
    height: Type.Integer({ minimum: 1, description: 'A small image is not enlarged.' }),
    format,
    bytes: Type.Unsafe<number | null>({
      type: 'integer',
      nullable: true,
      description:
        'Null for a thumbnail that the tier got after the upload, until it is first read.',
    }),
  },
  { $id: 'ImageSize', description: 'One size of an image.' },
);

export const NewLinkViewSchema = Type.Object(
  { url: url('Where anyone can see the image.'), expires_at: time('When the link ends.') },
  { $id: 'ImageUploadLink', description: 'A link that was made with the image.' },
);

const imageMembers = {
  id: uuid('A UUIDv7.'),
  created: time('When it was uploaded.'),
  images: Type.Array(Type.Ref(ImageSizeSchema.$id!), {
    description: 'The sizes that the tier of the owner includes now.',
  }),
};

export const ImageSchema = Type.Object(imageMembers, { $id: 'Image', description: 'An image.' });
export const UploadedImageSchema = Type.Object(
  { ...imageMembers, link: Type.Optional(Type.Ref(NewLinkViewSchema.$id!)) },
  { $id: 'UploadedImage', description: 'A new image, with its link where one was asked for.' },
);
export const ImagePageSchema = pageOf('ImagePage', ImageSchema, 'A page of images.');

export const NewLinkSchema = Type.Object(
  {
    expiring_time_seconds: Type.Unsafe<number | null>({
      type: 'integer',
      nullable: true,
      ...LINK_LIFETIME,
      description: 'How long the link lives. Null, for administrators: without an end.',
    }),
    size: Type.Optional(
      Type.String({ maxLength: 16, description: 'Default: the best that the tier includes.' }),
    ),
  },
  { $id: 'NewImageLink', description: 'What a link is made of.' },
);
export type NewLinkBody = Static<typeof NewLinkSchema>;

export const LinkSchema = Type.Object(
  {
    id: uuid('A UUIDv7.'),
    url: url('Where anyone can see the image.'),
    size: Type.String(),
    created: time('When it was made.'),
    expires_at: Type.Unsafe<string | null>({
      type: 'string',
      format: 'date-time',
      nullable: true,
      description: 'When it ends. Null: never.',
    }),
  },
  { $id: 'ImageLink', description: 'A link to one size of an image, for anyone who has it.' },
);
export const LinkPageSchema = pageOf('ImageLinkPage', LinkSchema, 'A page of links.');

const TIER_NAME = '^[a-z][a-z0-9_-]{0,31}$';
export const TierParamsSchema = Type.Object({
  name: Type.String({ maxLength: 32, description: 'The tier.' }),
});
export type TierParams = Static<typeof TierParamsSchema>;

const tierMembers = {
  thumbnail_heights: Type.Array(Type.Integer({ minimum: 16, maximum: 2000 }), {
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    description: 'In pixels.',
  }),
  original: Type.Boolean({ description: 'Whether originals can be read.' }),
  expiring_links: Type.Boolean({ description: 'Whether links can be made.' }),
  max_bytes: Type.Integer({ minimum: 1, maximum: MAX_BYTES, description: 'Of an upload.' }),
  quota_bytes: Type.Integer({
    minimum: 1,
    maximum: MAX_QUOTA,
    description: 'Of all originals and thumbnails of an account together.',
  }),
};
const tierName = Type.String({ pattern: TIER_NAME, description: 'Never changes.' });

export const TierSchema = Type.Object(
  {
    name: tierName,
    built_in: Type.Boolean({ description: 'Whether it came with Tally, and stays.' }),
    ...tierMembers,
  },
  { $id: 'Tier', description: 'What accounts may do with images.' },
);
export const NewTierSchema = Type.Object(
  {
    name: tierName,
    thumbnail_heights: tierMembers.thumbnail_heights,
    original: Type.Optional({ ...tierMembers.original, default: false }),
    expiring_links: Type.Optional({ ...tierMembers.expiring_links, default: false }),
    max_bytes: Type.Optional({ ...tierMembers.max_bytes, default: 10 * MIB }),
    quota_bytes: Type.Optional({ ...tierMembers.quota_bytes, default: 1024 * MIB }),
  },
  { $id: 'NewTier', additionalProperties: false, description: 'What a tier is made of.' },
);
export type NewTierBody = Static<typeof NewTierSchema>;
export const TierChangesSchema = Type.Partial(Type.Object(tierMembers), {
  $id: 'TierChanges',
  additionalProperties: false,
  minProperties: 1,
  description: 'What changes of a tier. It counts at once.',
});
export type TierChangesBody = Static<typeof TierChangesSchema>;
export const TierPageSchema = pageOf('TierPage', TierSchema, 'A page of tiers.');

export const namedSchemas = [
  ImageSizeSchema,
  NewLinkViewSchema,
  ImageSchema,
  UploadedImageSchema,
  ImagePageSchema,
  NewLinkSchema,
  LinkSchema,
  LinkPageSchema,
  TierSchema,
  NewTierSchema,
  TierChangesSchema,
  TierPageSchema,
];
