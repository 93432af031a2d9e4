import chromium, { inflate } from '@sparticuz/chromium';

/** Unpacks Chromium with its fonts, and the libraries that it needs, into TMPDIR, which is to be empty. */
await chromium.executablePath();
await inflate(
  new URL('node_modules/@sparticuz/chromium/bin/al2023.tar.br', import.meta.url).pathname,
);
