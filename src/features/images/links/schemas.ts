import { type Static, Type } from '@sinclair/typebox';
import { nullable, time, uuid } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';

/** The lifetimes of links, in seconds. */
export const LINK_LIFETIME = { minimum: 300, maximum: 300_000 };

export const NewLinkSchema = Type.Object(
  {
    expiring_time_seconds: nullable(
      Type.Integer({
        ...LINK_LIFETIME,
        description: 'The lifetime of the link. Null, for administrators only: it never expires.',
      }),
    ),
    size: Type.Optional(
      Type.String({ maxLength: 16, description: 'Default: the best that the tier includes.' }),
    ),
  },
  { $id: 'NewImageLink', description: 'A link to create.' },
);

const url = Type.String({
  format: 'uri',
  description: 'The address that shows the image to anyone.',
});

const size = Type.String({
  description: 'The size that it opens: `original`, or a height as in `200px`.',
});

export const LinkSchema = Type.Object(
  {
    id: uuid('A UUIDv7.'),
    url,
    size,
    created: time('When it was created.'),
    expires: nullable(time('When it expires. Null: never.')),
  },
  { $id: 'ImageLink', description: 'A link to one size of an image, for anyone who has it.' },
);
export type LinkView = Static<typeof LinkSchema>;

export const LinkPageSchema = pageOf('ImageLinkPage', LinkSchema, 'A page of links.');

export const UploadLinkSchema = Type.Object(
  { url, size, expires: time('When the link expires.') },
  { $id: 'ImageUploadLink', description: 'A link that was created with the image.' },
);

export const linkSchemas = [NewLinkSchema, LinkSchema, LinkPageSchema, UploadLinkSchema];

export const EXAMPLE_UPLOAD_LINK = {
  url: 'http://localhost:8000/links/q1Z7AZorPE1ef2CKGyw9Tl9gcQGbFp6sAPkYx4mJ2bq0oR8sT5uV3wX1yZ7aB9cD4eF6gH8iJ0kL',
  size: 'original',
  expires: '2026-01-31T10:30:00.000Z',
};
export const EXAMPLE_LINK = {
  id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  url: EXAMPLE_UPLOAD_LINK.url,
  size: EXAMPLE_UPLOAD_LINK.size,
  created: '2026-01-31T09:30:00.000Z',
  expires: EXAMPLE_UPLOAD_LINK.expires,
};
