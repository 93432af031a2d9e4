import { timingSafeEqual } from 'node:crypto';
import { KID_LENGTH, type LinkKey, MAC_LENGTH, macOf } from './keys.ts';

/** The content of a link's token. The rest is in the row of the link, until the link is deleted. */
interface LinkClaims {
  linkId: string;
  /** Milliseconds since 1970; null for a link that never expires. */
  expiresAt: number | null;
}

export interface LinkTokens {
  sign(claims: LinkClaims): string;
  /** Returns undefined for a token that was not signed with one of the keys. */
  verify(token: string): LinkClaims | undefined;
}

/** Separates these signatures from all others that the keys may ever make. */
const PURPOSE = 'tally link v1';
const ID_LENGTH = 16;
const TIME_LENGTH = 6;
const PAYLOAD_LENGTH = KID_LENGTH + ID_LENGTH + TIME_LENGTH;
/**
 * Key id, link id, time of expiry (0 for none) and HMAC-SHA-256 of all that, in base64url. The length is a
 * multiple of three bytes, so no two texts decode to the same bytes.
 */
const TOKEN = new RegExp(`^[\\w-]{${((PAYLOAD_LENGTH + MAC_LENGTH) / 3) * 4}}$`);

/** Signs with the last of the current keys, and verifies with all of them. */
export function createLinkTokens(keys: () => LinkKey[]): LinkTokens {
  return {
    sign({ linkId, expiresAt }) {
      const key = keys().at(-1)!;
      const payload = Buffer.alloc(PAYLOAD_LENGTH);
      key.kid.copy(payload);
      payload.write(linkId.replaceAll('-', ''), KID_LENGTH, 'hex');
      payload.writeUIntBE(expiresAt ?? 0, KID_LENGTH + ID_LENGTH, TIME_LENGTH);
      return Buffer.concat([payload, macOf(key, PURPOSE, payload)]).toString('base64url');
    },
    verify(token) {
      if (!TOKEN.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      const payload = bytes.subarray(0, PAYLOAD_LENGTH);
      const key = keys().find(({ kid }) => kid.equals(payload.subarray(0, KID_LENGTH)));
      if (!key || !timingSafeEqual(macOf(key, PURPOSE, payload), bytes.subarray(PAYLOAD_LENGTH))) {
        return undefined;
      }
      const time = payload.readUIntBE(KID_LENGTH + ID_LENGTH, TIME_LENGTH);
      const id = payload.toString('hex', KID_LENGTH, KID_LENGTH + ID_LENGTH);
      return {
        linkId: id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
        expiresAt: time === 0 ? null : time,
      };
    },
  };
}
