import { timingSafeEqual } from 'node:crypto';
import { KID_LENGTH, type LinkKey, MAC_LENGTH, macOf } from '../links/keys.ts';
import { imageProblems } from '../problems.ts';

export interface ImageUrlOptions {
  /** Returns the keys of links: the last one signs, all of them verify. */
  keys(): LinkKey[];
  publicUrl: string;
  /** Whole seconds, in milliseconds; 0 leaves addresses unsigned. */
  lifetime: number;
}

/** The parameters of an address that works without a token. */
export interface Signature {
  /** Seconds since 1970. */
  expires?: string | undefined;
  signature?: string | undefined;
}

export type ImageUrls = ReturnType<typeof createImageUrls>;

/** Separates these signatures from those of links, which the same keys make. */
const PURPOSE = 'tally image url';
const VERSION = 1;
const HEAD_LENGTH = 1 + KID_LENGTH;
/**
 * Version, key id and HMAC-SHA-256, in base64url. The length is a multiple of three bytes, so no two texts decode
 * to the same bytes.
 */
const SIGNATURE = new RegExp(`^[\\w-]{${((HEAD_LENGTH + MAC_LENGTH) / 3) * 4}}$`);
/** One spelling of each time. */
const EXPIRES = /^[1-9]\d{0,11}$/;

/** Signs the addresses of images, so that whoever has one sees one size of one image until it expires. */
export function createImageUrls({ keys, publicUrl, lifetime }: ImageUrlOptions) {
  return {
    /** Returns the address of a size of an image, which stays the same for a lifetime. */
    urlOf(id: string, size: string): string {
      const url = `${publicUrl}/images/${id}/${size}`;
      if (lifetime === 0) return url;
      const expires = String(expiryAfter(Date.now(), lifetime) / 1000);
      const key = keys().at(-1)!;
      const head = Buffer.from([VERSION, ...key.kid]);
      const mac = macOf(key, PURPOSE, head, contentOf(id, size, expires));
      return `${url}?expires=${expires}&signature=${Buffer.concat([head, mac]).toString('base64url')}`;
    },

    /**
     * Checks the parameters of an address, and returns when it expires, in milliseconds since 1970.
     *
     * @throws {Problem} `signature_expired`, for genuine signatures only; else `invalid_signature`
     */
    check(id: string, size: string, { expires = '', signature = '' }: Signature): number {
      const isGenuine =
        lifetime > 0 && EXPIRES.test(expires) && SIGNATURE.test(signature) && verify();
      if (!isGenuine) throw imageProblems.invalidSignature();
      const expiresAt = Number(expires) * 1000;
      if (expiresAt <= Date.now()) throw imageProblems.signatureExpired();
      return expiresAt;

      function verify(): boolean {
        const bytes = Buffer.from(signature, 'base64url');
        const head = bytes.subarray(0, HEAD_LENGTH);
        const key = keys().find(({ kid }) => kid.equals(head.subarray(1)));
        if (!key || head[0] !== VERSION) return false;
        const mac = macOf(key, PURPOSE, head, contentOf(id, size, expires));
        return timingSafeEqual(mac, bytes.subarray(HEAD_LENGTH));
      }
    },
  };
}

/**
 * Returns the end of the lifetime after the current one. Lifetimes follow each other from 1970 on, so an address lives
 * for more than one lifetime and at most two.
 */
function expiryAfter(now: number, lifetime: number): number {
  return (Math.floor(now / lifetime) + 2) * lifetime;
}

/** Returns the signed text. It is unambiguous: of its parts only the last may contain a space. */
function contentOf(id: string, size: string, expires: string): string {
  return `${expires} ${id} ${size}`;
}
