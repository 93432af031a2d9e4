import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { root } from './process.ts';

/** A real Chromium that calls nobody by itself. */
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
