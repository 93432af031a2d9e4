import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  expectJson,
  freshEmail,
  register,
  send,
  serverOn,
  signIn,
} from '../../helpers/accounts.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { sqlite } from '../../helpers/databases.ts';
import { mailsTo, tokenIn } from '../../helpers/mails.ts';

vi.setConfig({ testTimeout: 90_000 });

const NEW_PASSWORD = 'seven green bicycles';
const server = serverOn(sqlite);
let browser: Browser;
let screenshots: string;
beforeAll(async () => {
  browser = await launchBrowser();
  screenshots = process.env.SCREENSHOTS ?? (await mkdtemp(join(tmpdir(), 'tally-screenshots-')));
}, 60_000);
afterAll(() => browser?.close());

async function openPage(hash: string, options: BrowserContextOptions = {}) {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.current.url}/pages/reset-password${hash}`);
  return { page, complaints };
}

it('sets a password by the link of a mail, and keeps its token out of the address, the log, and the history', async () => {
  const account = await register(server.current);
  const body = { email: account.email };
  await expectJson(send(server.current, 'POST', '/accounts/password/forgotten', { body }), 202);
  const [mail] = await mailsTo(server.current, account.email);
  const token = tokenIn(mail!);
  const { page, complaints } = await openPage(`#token=${token}`);
  expect(page.url()).not.toContain(token);
  const message = page.getByRole('status');
  await page.getByLabel('New password', { exact: true }).fill('correct horse');
  await page.getByLabel('New password, again').fill('correct hose');
  await page.getByRole('button').click();
  await expect.poll(() => message.textContent()).toBe('The two passwords differ.');
  await page.getByLabel('New password', { exact: true }).fill('password123');
  await page.getByLabel('New password, again').fill('password123');
  await page.getByRole('button').click();
  await expect
    .poll(() => message.textContent())
    .toBe('The password is one of the most common passwords.');
  await page.screenshot({ path: join(screenshots, 'reset-password.png') });
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('New password, again').fill(NEW_PASSWORD);
  await page.getByRole('button').click();
  await expect.poll(() => message.textContent()).toContain('The password is set.');
  await signIn(server.current, account, NEW_PASSWORD);
  expect(server.current.logs()).not.toContain(token);
  // A browser reports each answer with an error status there.
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);

  const reader = await browser.newPage();
  await reader.setContent(mail!.html);
  await reader.screenshot({ path: join(screenshots, 'reset-password-mail.png') });
});

it('offers another link in place of one that is not valid', async () => {
  const { page } = await openPage('#token=not-whole');
  for (const label of ['New password', 'New password, again']) {
    await page.getByLabel(label, { exact: true }).fill(NEW_PASSWORD);
  }
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect.poll(() => page.getByRole('status').textContent()).toContain('Ask for a new one');
  expect(await page.getByLabel('E-mail address').isVisible()).toBe(true);
  expect(await page.getByLabel('New password', { exact: true }).isVisible()).toBe(false);
});

it('asks for a link where it has none, also on a dark phone', async () => {
  const email = freshEmail();
  await register(server.current, { email });
  const phone = { colorScheme: 'dark', viewport: { width: 400, height: 700 } } as const;
  const { page, complaints } = await openPage('', phone);
  await page.getByLabel('E-mail address').fill(email);
  await page.screenshot({ path: join(screenshots, 'ask-for-link-dark.png') });
  await page.getByRole('button').click();
  await expect.poll(() => page.getByRole('status').textContent()).toContain('on its way');
  await mailsTo(server.current, email);
  expect(complaints).toEqual([]);
});

it('lets nothing frame it, load from elsewhere, or be sent elsewhere', async () => {
  const response = await fetch(`${server.current.url}/pages/reset-password`);
  const { headers } = response;
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
});
