const ID = '019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071';
const BASE = 'http://localhost:8000';
const EXPIRES = '2026-01-31T10:30:00.000Z';
const LINK_URL = `${BASE}/links/q1Z7AZorPE1ef2CKGyw9Tl9gcQGbFp6sAPkYx4mJ2bq0oR8sT5uV3wX1yZ7aB9cD4eF6gH8iJ0kL`;

const thumbnail = (height: number, bytes: number) => ({
  size: `${height}px`,
  url: `${BASE}/images/${ID}/${height}px`,
  width: (height * 3) / 2,
  height,
  format: 'jpeg',
  bytes,
});

export const EXAMPLE_IMAGE = {
  id: ID,
  created: '2026-01-31T09:30:00.000Z',
  images: [
    thumbnail(200, 9154),
    thumbnail(400, 30_518),
    {
      size: 'original',
      url: `${BASE}/images/${ID}/original`,
      width: 3000,
      height: 2000,
      format: 'jpeg',
      bytes: 1_794_373,
    },
  ],
};

export const EXAMPLE_UPLOAD = {
  ...EXAMPLE_IMAGE,
  link: { url: LINK_URL, expires_at: EXPIRES },
};

export const EXAMPLE_LINK = {
  id: ID,
  url: LINK_URL,
  size: 'original',
  created: '2026-01-31T09:30:00.000Z',
  expires_at: EXPIRES,
};

export const EXAMPLE_TIER = {
  name: 'premium',
  built_in: true,
  thumbnail_heights: [200, 400],
  original: true,
  expiring_links: false,
  max_bytes: 10_485_760,
  quota_bytes: 10_737_418_240,
};

/** One page that holds all there is. */
export const examplePage = (entry: object) => ({
  count: 1,
  next: null,
  previous: null,
  results: [entry],
});
