import { bodyExamples } from '../../http/body-examples.ts';
import { MIB } from '../../setting-types.ts';
import type { NewTier, TierChanges } from './schemas.ts';

const gallery: NewTier = {
  name: 'gallery',
  thumbnail_heights: [200, 800],
  original: true,
  expiring_links: true,
  max_bytes: 20 * MIB,
};

export const tierExamples = {
  create: bodyExamples({
    gallery: ['A tier for galleries', gallery],
  }),
  update: bodyExamples({
    upload: ['Larger uploads', { max_bytes: 25 * MIB } satisfies TierChanges],
  }),
};
