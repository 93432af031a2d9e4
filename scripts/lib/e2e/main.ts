import { runCommand } from '../../../src/commands/run-command.ts';
import { testAccounts } from './accounts.ts';
import { testImages } from './images.ts';
import { startOwnServer } from './own-server.ts';
import { testProtocol } from './protocol.ts';
import { testShop } from './shop.ts';
import { createRun, type Run } from './steps.ts';
import { testSum } from './sum.ts';
import { signIn, type World } from './world.ts';

const USAGE = `Usage: scripts/e2e [BASE_URL]

Tests the whole API end to end through the client: one line for each step, and exit code 1 at the first
difference. Everything that it makes has a name of its own, and is removed at the end; orders stay, cancelled.

  BASE_URL  a running server, such as http://localhost:8000 (default: one that it starts, with data of its own)
  --help    shows this text

With the account of an administrator in E2E_ADMIN_USERNAME and E2E_ADMIN_PASSWORD, it also makes and sells products;
without one, it skips these steps. In its own server it makes one.
`;

await runCommand({
  usage: USAGE,
  options: {},
  allowPositionals: true,
  work: async (_, [baseUrl, ...others]) => {
    if (others.length > 0) throw new Error('one BASE_URL is enough; see --help');
    const run = createRun();
    try {
      await testAll(run, baseUrl);
    } finally {
      await run.end();
    }
  },
});

async function testAll(run: Run, baseUrl: string | undefined): Promise<void> {
  const { E2E_ADMIN_USERNAME: username, E2E_ADMIN_PASSWORD: password } = process.env;
  const given = username && password ? { username, password } : undefined;
  const server = baseUrl ? { url: baseUrl, administrator: given } : await startOwnServer(run);
  const world: World = await signIn(run, server.url.replace(/\/$/, ''), server.administrator);
  await testProtocol(world);
  await testSum(world);
  await testAccounts(world);
  await testShop(world);
  await testImages(world);
}
