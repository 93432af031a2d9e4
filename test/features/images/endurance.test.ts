import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/database.ts';
import { CHEAP_HASHES, expectJson, register, send, signIn } from '../../helpers/accounts.ts';
import { download, fixture, type ImageView, PHOTOGRAPH, upload } from '../../helpers/images.ts';
import { runToEnd } from '../../helpers/process.ts';
import { memoryOf } from '../../helpers/process-usage.ts';
import { serverProcessForTest } from '../../helpers/server.ts';

const ENVIRONMENT = { ...CHEAP_HASHES, LOG_LEVEL: 'error' };
/** Sets what bounds memory, as for a person who starts the server. */
const START = 'scripts/start';

interface Account {
  token: string;
}

async function ownerAt(
  server: { url: string; dataDir: string },
  heights = [200, 400],
): Promise<Account> {
  const account = await register(server);
  const location = join(server.dataDir, 'tally.db');
  const common = { poolSize: 1, timeout: 0 };
  const { db, close } = openDatabase<{
    accounts: { id: string; tier: string };
    tiers: { name: string; thumbnail_heights: string; max_bytes: number };
  }>({
    kind: 'sqlite',
    location,
    ...common,
  });
  await db.updateTable('accounts').set({ tier: 'premium' }).where('id', '=', account.id).execute();
  const columns = { thumbnail_heights: JSON.stringify(heights), max_bytes: 100 * 1024 ** 2 };
  await db.updateTable('tiers').set(columns).where('name', '=', 'premium').execute();
  await close();
  return { token: (await signIn(server, account)).access_token };
}

describe('200 uploads of 6 megapixels at once', () => {
  it('are all accepted, in less than 600 MB', { timeout: 120_000 }, async () => {
    const server = await serverProcessForTest(ENVIRONMENT, [START]);
    const owners = await Promise.all(Array.from({ length: 10 }, () => ownerAt(server)));
    const image = readFileSync(PHOTOGRAPH);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        upload(server, owners[index % owners.length]!.token, { image }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(200);
    expect(memoryOf(server).peak).toBeLessThan(600e6);
  });
});

/** 50 megapixels, very wide. */
async function panorama(options: JpegOptions): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const create = { width: 2048, height: 381, channels: 3, background: 'grey', noise } as const;
  const enlarged = sharp({ create }).resize({ width: 16_384, height: 3051, fit: 'fill' });
  return enlarged.jpeg({ quality: 60, ...options }).toBuffer();
}

describe('a panorama with ten large thumbnails', () => {
  it.each([
    ['baseline', { progressive: false }],
    ['progressive', { progressive: true }],
  ])(
    'takes no more than its limits of time and memory where it is %s',
    { timeout: 120_000 },
    async (_, options) => {
      const image = await panorama(options);
      const server = await serverProcessForTest(ENVIRONMENT, [START]);
      const heights = [200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000];
      const { token } = await ownerAt(server, heights);
      const before = memoryOf(server).peak;
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => upload(server, token, { image })),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const { id, images } = (await answers[0]!.json()) as ImageView;
      const made = images.filter(({ bytes }) => bytes !== null);
      expect(made.map(({ height }) => height)).toEqual([200, 400, 600, 800, 3051]);
      expect(memoryOf(server).peak - before).toBeLessThan(650e6);
      await Promise.all(heights.map((height) => download(server, { token }, id, `${height}px`)));
      expect(memoryOf(server).peak - before).toBeLessThan(650e6);
    },
  );
});

describe('a server that is killed in the midst of uploads', () => {
  it.each([1, 12])(
    'after %d of them leaves no broken image, and no orphan after collection',
    { timeout: 120_000 },
    async (enough) => {
      const first = await serverProcessForTest(ENVIRONMENT);
      const owner = await ownerAt(first);
      const image = fixture('progressive.jpg');
      let accepted = 0;
      const keepUploading = async () => {
        while (accepted < enough) {
          const { status } = await upload(first, owner.token, { image });
          if (status === 201) accepted++;
        }
        first.child.kill('SIGKILL');
      };
      // Those that are on their way when the server dies get no answer.
      await Promise.allSettled(Array.from({ length: 10 }, keepUploading));
      await first.done;

      const environment = { ...ENVIRONMENT, DATA_DIR: first.dataDir };
      const collect = (...args: string[]) =>
        runToEnd('scripts/collect-garbage', ['--older-than', '0', ...args], environment);
      const dryRun = await collect();
      const collected = await collect('--run');
      expect(collected.code).toBe(0);
      expect(collected.stdout).toBe(dryRun.stdout);
      expect((await collect()).stdout).toBe('');

      const second = await serverProcessForTest({ ...environment, PUBLIC_URL: first.url });
      const path = '/images?limit=200';
      const { results, count } = await expectJson<{ count: number; results: ImageView[] }>(
        send(second, 'GET', path, owner),
      );
      expect(count).toBeGreaterThanOrEqual(accepted);
      for (const { id } of results) {
        const original = await download(second, owner, id, 'original');
        expect(original.equals(image)).toBe(true);
        for (const size of ['200px', '400px']) {
          const thumbnail = await download(second, owner, id, size);
          await sharp(thumbnail, { failOn: 'warning' }).stats();
        }
      }
    },
  );
});
