import { type Static, Type } from '@sinclair/typebox';
import { idParams, nullable, ref, time, uuid } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, pageOf } from '../../../http/pages.ts';
import { created, noContent, ok } from '../../../http/responses.ts';

/** The lifetimes of links, in seconds. */
export const LINK_LIFETIME = { minimum: 300, maximum: 300_000 };

const NewLinkSchema = Type.Object(
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

const LinkSchema = Type.Object(
  {
    id: uuid('A UUIDv7.'),
    url,
    size: Type.String(),
    created: time('When it was created.'),
    expires: nullable(time('When it expires. Null: never.')),
  },
  { $id: 'ImageLink', description: 'A link to one size of an image, for anyone who has it.' },
);
export type LinkView = Static<typeof LinkSchema>;

const LinkPageSchema = pageOf('ImageLinkPage', LinkSchema, 'A page of links.');

export const UploadLinkSchema = Type.Object(
  { url, expires: time('When the link expires.') },
  { $id: 'ImageUploadLink', description: 'A link that was created with the image.' },
);

export const linkSchemas = [NewLinkSchema, LinkSchema, LinkPageSchema, UploadLinkSchema];

export const EXAMPLE_UPLOAD_LINK = {
  url: 'http://localhost:8000/links/q1Z7AZorPE1ef2CKGyw9Tl9gcQGbFp6sAPkYx4mJ2bq0oR8sT5uV3wX1yZ7aB9cD4eF6gH8iJ0kL',
  expires: '2026-01-31T10:30:00.000Z',
};
const EXAMPLE_LINK = {
  id: '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
  url: EXAMPLE_UPLOAD_LINK.url,
  size: 'original',
  created: '2026-01-31T09:30:00.000Z',
  expires: EXAMPLE_UPLOAD_LINK.expires,
};

const tags = ['images'];

export const createLink = {
  operationId: 'createImageLink',
  tags,
  summary: 'Create a link',
  description:
    'Anyone who has the link can see the image until the link expires. For owners whose tier includes links, and for administrators, whose links may never expire.',
  params: idParams,
  body: ref(NewLinkSchema),
  response: { 201: created('The link.', LinkSchema, { hour: EXAMPLE_LINK }) },
};

export const listLinks = {
  operationId: 'listImageLinks',
  tags,
  summary: 'List the links of an image',
  description: 'Links that have not expired, the newest first.',
  params: idParams,
  querystring: PageQuerySchema,
  response: { 200: ok('A page of links.', LinkPageSchema, { one: examplePage(EXAMPLE_LINK) }) },
};

export const deleteLink = {
  operationId: 'deleteImageLink',
  tags,
  summary: 'Delete a link',
  description: 'Takes effect at once, except in caches, which may keep the image for five minutes.',
  params: Type.Object({ id: uuid('The image.'), link_id: uuid('The link.') }),
  response: { 204: noContent('The link is deleted.') },
};
