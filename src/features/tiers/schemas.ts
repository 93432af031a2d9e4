import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { tierName } from '../../http/fields.ts';
import { pageOf } from '../../http/pages.ts';
import { GIB, MIB } from '../../setting-types.ts';

/** Largest upload that a tier may allow: images are in memory while they are decoded. */
const MAX_BYTES = 100 * MIB;
const MAX_QUOTA = 2 ** 50;

export const NEW_TIER_DEFAULTS = {
  original: false,
  expiring_links: false,
  max_bytes: 10 * MIB,
  quota_bytes: GIB,
};

const members = {
  thumbnail_heights: Type.Array(Type.Integer({ minimum: 16, maximum: 2000 }), {
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    description: 'Heights of thumbnails, in pixels.',
  }),
  original: Type.Boolean({ description: 'True if originals can be read.' }),
  expiring_links: Type.Boolean({ description: 'True if links can be created.' }),
  max_bytes: Type.Integer({ minimum: 1, maximum: MAX_BYTES, description: 'Largest upload.' }),
  quota_bytes: Type.Integer({
    minimum: 1,
    maximum: MAX_QUOTA,
    description: 'Largest total of all originals and thumbnails of an account.',
  }),
};
const name = tierName('Never changes.');

/** Stands in paths for the tier of whoever asks. */
const OWN_TIER = 'mine';
const NEW_NAME = `^(?!${OWN_TIER}$)[a-z][a-z0-9_-]{0,31}$`;

export const TierSchema = Type.Object(
  {
    name,
    built_in: Type.Boolean({ description: 'True if it came with Tally and cannot be deleted.' }),
    ...members,
  },
  { $id: 'Tier', description: 'The rights that accounts have for their images.' },
);
export type Tier = Static<typeof TierSchema>;

const withDefault = <T extends TSchema>(schema: T, value: Static<T>) =>
  Type.Optional({ ...schema, default: value } as T);

export const NewTierSchema = Type.Object(
  {
    name: { ...tierName(`Never changes. Not \`${OWN_TIER}\`.`), pattern: NEW_NAME },
    thumbnail_heights: members.thumbnail_heights,
    original: withDefault(members.original, NEW_TIER_DEFAULTS.original),
    expiring_links: withDefault(members.expiring_links, NEW_TIER_DEFAULTS.expiring_links),
    max_bytes: withDefault(members.max_bytes, NEW_TIER_DEFAULTS.max_bytes),
    quota_bytes: withDefault(members.quota_bytes, NEW_TIER_DEFAULTS.quota_bytes),
  },
  { $id: 'NewTier', additionalProperties: false, description: 'A tier to create.' },
);
export type NewTier = Static<typeof NewTierSchema>;

export const TierChangesSchema = Type.Partial(Type.Object(members), {
  $id: 'TierChanges',
  additionalProperties: false,
  minProperties: 1,
  description: 'The members of a tier to change. Changes take effect at once.',
});
export type TierChanges = Static<typeof TierChangesSchema>;

export const TierPageSchema = pageOf('TierPage', TierSchema, 'A page of tiers.');

export const tierSchemas = [TierSchema, NewTierSchema, TierChangesSchema, TierPageSchema];

export const EXAMPLE_TIER: Tier = {
  name: 'premium',
  built_in: true,
  thumbnail_heights: [200, 400],
  original: true,
  expiring_links: false,
  max_bytes: 10 * MIB,
  quota_bytes: 10_240 * MIB,
};

export const TierParamsSchema = Type.Object({
  name: Type.String({ maxLength: 32, description: 'The name of the tier.' }),
});
