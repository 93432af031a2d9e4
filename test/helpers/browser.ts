import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { root } from './process.ts';

/** Starts Chromium, which sends no requests of its own. */
export function launchBrowser(): Promise<Browser> {
  const path = execFileSync(join(root, 'scripts/lib/find-chromium'), { encoding: 'utf8' });
  return chromium.launch({
    executablePath: path.trim(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
