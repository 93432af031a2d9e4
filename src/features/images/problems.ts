import { defineProblem } from '../../http/problem.ts';

export const imageProblems = {
  malformedMultipart: defineProblem(
    400,
    'malformed_multipart',
    'The body is not valid multipart/form-data.',
    { when: 'The form is broken or cut short.' },
  ),
  linksNotIncluded: defineProblem(
    403,
    'links_not_included',
    'Your tier does not include links that expire.',
  ),
  endlessLinkForbidden: defineProblem(
    403,
    'endless_link_forbidden',
    'Only an administrator may make a link without an end.',
  ),
  quotaExceeded: defineProblem(
    403,
    'quota_exceeded',
    'Your images, with their thumbnails, would take more room than your tier has. Delete some first.',
    {
      when: 'All files of the account, with uploads in flight, would be more than the `quota_bytes` of its tier. Delete some first.',
    },
  ),
  invalidSignature: defineProblem(
    403,
    'invalid_signature',
    'The address was changed, or its key was replaced. Get the image again for a new address.',
  ),
  signatureExpired: defineProblem(
    403,
    'signature_expired',
    'The address has expired. Get the image again for a new one.',
  ),
  imageNotFound: defineProblem(404, 'image_not_found', 'You have no image with this id.', {
    when: 'No image has this id, or it belongs to someone else.',
  }),
  sizeNotFound: defineProblem(
    404,
    'size_not_found',
    'The tier does not include this size of the image.',
  ),
  linkNotFound: defineProblem(404, 'link_not_found', 'There is no link with this address or id.', {
    when: 'The address was changed, or the link or its image was deleted.',
  }),
  linkExpired: defineProblem(410, 'link_expired', 'The link has expired.'),
  imageTooLarge: defineProblem(
    413,
    'image_too_large',
    'The file is larger than your tier accepts.',
    {
      when: 'The file is larger than the `max_bytes` of the tier, or the form around it than 64 KiB.',
    },
  ),
  notMultipart: defineProblem(
    415,
    'multipart_required',
    'Send the image as a part of a multipart/form-data body.',
    { when: 'The body is not a form: send the image as a part of `multipart/form-data`.' },
  ),
  unsupportedImage: defineProblem(
    415,
    'unsupported_image',
    'The file is neither PNG nor JPEG by its bytes.',
  ),
  rangeNotSatisfiable: defineProblem(
    416,
    'range_not_satisfiable',
    'The file has no such bytes; Content-Range says how many it has.',
    { when: 'The file has no such bytes; `Content-Range` says how many it has.' },
  ),
  imageCorrupt: defineProblem(422, 'image_corrupt', 'The image is damaged or cut short.'),
  tooManyPixels: defineProblem(
    422,
    'too_many_pixels',
    'The image has more pixels than this server accepts.',
    {
      when: 'The image has more pixels than `IMAGES_MAX_PIXELS`, or than `IMAGES_MAX_SIDE` along a side.',
    },
  ),
  imageTooSlow: defineProblem(
    422,
    'image_too_slow',
    'The image takes longer to decode than this server accepts.',
    { when: 'Decoding took longer than `IMAGES_TIMEOUT`.' },
  ),
  queueFull: defineProblem(
    503,
    'image_queue_full',
    'Too many images are waiting to be processed. Try again after Retry-After seconds.',
    {
      when: 'Too many images are waiting to be processed. Try again after `Retry-After` seconds.',
      retryAfter: 5,
    },
  ),
} as const;
