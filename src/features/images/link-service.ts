import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { SignedInAccount } from '../../http/secured.ts';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import type { TierRepository } from '../tiers/repository.ts';
import type { ImageService } from './image-service.ts';
import type { LinkTokens } from './link-tokens.ts';
import { imageProblems } from './problems.ts';
import type { LinkRepository } from './repositories/links.ts';
import { defaultSize, sizesOf, tierOf } from './rights.ts';
import type { ImageLinkRow, ImageTables } from './tables.ts';

export interface LinkServiceDeps {
  links: LinkRepository;
  tiers: TierRepository;
  images: ImageService;
  tokens: LinkTokens;
  idempotency: Idempotency;
}

export interface WantedLink {
  /** Seconds; null for a link without an end. */
  lifetime: number | null;
  size: string | undefined;
}

export type LinkService = ReturnType<typeof createLinkService>;

export function createLinkService({ links, tiers, images, tokens, idempotency }: LinkServiceDeps) {
  /** @throws {Problem} `image_not_found`, `links_not_included`, `endless_link_forbidden`, `size_not_found` */
  async function draft(
    account: SignedInAccount,
    imageId: string,
    { lifetime, size }: WantedLink,
  ): Promise<ImageLinkRow> {
    const image = await images.find(account, imageId);
    const tier = tierOf(await tiers.resolve(image.tier));
    const byAdministrator = account.role === 'admin';
    if (!byAdministrator) {
      if (!tier.expiring_links) throw imageProblems.linksNotIncluded();
      if (lifetime === null) throw imageProblems.endlessLinkForbidden();
    }
    const wanted = size ?? defaultSize(tier);
    if (!sizesOf(tier).includes(wanted)) throw imageProblems.sizeNotFound();
    return newLink({ imageId, size: wanted, linkLifetime: lifetime, byAdministrator });
  }

  /** Once for each claim. @throws {Problem} as `draft`, and those of idempotency keys */
  async function create(
    account: SignedInAccount,
    imageId: string,
    wanted: WantedLink,
    claim?: Claim,
  ): Promise<Once<ImageLinkRow>> {
    const work = async () => {
      const link = await draft(account, imageId, wanted);
      return idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
        await links.insert(link, trx);
        return link;
      });
    };
    return idempotency.singleFlight(claim, work);
  }

  return {
    create,

    async list(
      account: SignedInAccount,
      imageId: string,
      window: { offset: number; limit: number },
    ) {
      await images.find(account, imageId);
      return links.list(imageId, Date.now(), window);
    },

    /** @throws {Problem} `image_not_found`, `link_not_found` */
    async revoke(account: SignedInAccount, imageId: string, id: string): Promise<void> {
      await images.find(account, imageId);
      if (!(await links.remove(imageId, id))) throw imageProblems.linkNotFound();
    },

    /**
     * The link that an address means.
     *
     * @throws {Problem} `link_expired`, which is said of genuine links alone; else `link_not_found`
     */
    async follow(token: string): Promise<ImageLinkRow> {
      const claims = tokens.verify(token);
      if (!claims) throw imageProblems.linkNotFound();
      const { linkId, expiresAt } = claims;
      if (expiresAt !== null && expiresAt <= Date.now()) throw imageProblems.linkExpired();
      const link = await links.find(linkId);
      if (!link) throw imageProblems.linkNotFound();
      return link;
    },

    tokenOf: ({ id, expires_at }: ImageLinkRow) =>
      tokens.sign({ linkId: id, expiresAt: expires_at }),
  };
}

export function newLink(wanted: {
  imageId: string;
  size: string;
  linkLifetime: number | null;
  byAdministrator: boolean;
}): ImageLinkRow {
  const now = Date.now();
  return {
    id: uuidv7(),
    image_id: wanted.imageId,
    size: wanted.size,
    created_at: now,
    expires_at: wanted.linkLifetime === null ? null : now + wanted.linkLifetime * 1000,
    by_administrator: wanted.byAdministrator ? 1 : 0,
  };
}
