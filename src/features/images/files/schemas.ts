import { Type } from '@sinclair/typebox';
import { uuid } from '../../../http/fields.ts';

const binary = { schema: { type: 'string', format: 'binary' } };
const content = { 'image/jpeg': binary, 'image/png': binary };
const header = (description: string) => ({ type: 'string', description });
const headers = {
  ETag: header('Changes with the bytes.'),
  'Cache-Control': header('How long the file may be kept.'),
  'Accept-Ranges': header('Always `bytes`.'),
};

const responses = {
  200: { description: 'The file.', headers, content },
  206: {
    description: 'The part of the file that `Range` asked for.',
    headers: { ...headers, 'Content-Range': header('The part that is sent.') },
    content,
  },
  304: { description: 'The file has the tag in `If-None-Match`.', headers, type: 'null' },
};

export const downloadImage = {
  operationId: 'downloadImage',
  tags: ['images'],
  summary: 'Download a size of an image',
  description:
    'For the owner and administrators, if the tier of the owner includes the size now. Supports `Range` and `If-None-Match`.',
  params: Type.Object({
    id: uuid('The image.'),
    size: Type.String({ maxLength: 16, description: '`original`, or a height as in `200px`.' }),
  }),
  response: responses,
};

export const followImageLink = {
  operationId: 'followImageLink',
  tags: ['images'],
  summary: 'Download an image by a link',
  description: 'For anyone who has the link. Supports `Range` and `If-None-Match`.',
  params: Type.Object({
    token: Type.String({ maxLength: 200, description: 'The last part of the `url` of a link.' }),
  }),
  response: responses,
};
