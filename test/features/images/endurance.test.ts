import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/database.ts';
import { CHEAP_HASHES, expectJson, register, send, signIn } from '../../helpers/accounts.ts';
import { download, fixture, type ImageView, PHOTOGRAPH, upload } from '../../helpers/images.ts';
import { runToEnd, startProcess } from '../../helpers/process.ts';

const ENVIRONMENT = { ...CHEAP_HASHES, LOG_LEVEL: 'error', UV_THREADPOOL_SIZE: '4' };

interface Account {
  token: string;
}

async function ownerAt(server: { url: string; dataDir: string }): Promise<Account> {
  const account = await register(server);
  const location = join(server.dataDir, 'tally.db');
  const common = { poolSize: 1, timeout: 0 };
  const { db, close } = openDatabase<{ accounts: { id: string; tier: string } }>({
    kind: 'sqlite',
    location,
    ...common,
  });
  await db.updateTable('accounts').set({ tier: 'premium' }).where('id', '=', account.id).execute();
  await close();
  return { token: (await signIn(server, account)).access_token };
}

/** The most memory that a process has had at once, in bytes. */
function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]) * 1024;
}

describe('200 uploads of 6 megapixels at once', () => {
  it('are all accepted, in less than 600 MB', { timeout: 120_000 }, async () => {
    const server = await startProcess(ENVIRONMENT);
    const { token } = await ownerAt(server);
    const image = readFileSync(PHOTOGRAPH);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => upload(server, token, { image })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(200);
    expect(peakMemory(server.child.pid!)).toBeLessThan(600e6);
  });
});

describe('a server that is killed in the midst of uploads', () => {
  it.each([1, 12])(
    'after %d of them leaves no broken image, and no orphan after collection',
    { timeout: 120_000 },
    async (enough) => {
      const first = await startProcess(ENVIRONMENT);
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

      const second = await startProcess({ ...environment, PUBLIC_URL: first.url });
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
