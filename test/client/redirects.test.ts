import { describe, expect, it } from 'vitest';
import { type ApiError, Tally } from '../../generated-client/src/index.ts';
import { answers, bodyOf, failureOf, faultServer } from './fault-server.ts';
import { openStore } from './signed-in.ts';

const TOKENS = { accessToken: 'acc3ss', refreshToken: 'r3fresh', expiresAt: 0, signedInAt: 1 };
const STOLEN = { access_token: 'evil', refresh_token: 'evil', token_type: 'Bearer' };

/** Another host, which keeps whatever it is sent, and answers as if it were Tally. */
async function otherHost() {
  const received: string[] = [];
  const { url } = await faultServer(async (request, response) => {
    received.push(JSON.stringify(request.headers) + (await bodyOf(request)));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...STOLEN, expires_in: 3600, sha256: 'evil', status: 'ok' }));
  });
  return { url, received };
}

async function redirectTo(location: string, status: number) {
  return faultServer(answers({ status, headers: { location } }));
}

describe.each([301, 302, 303, 307, 308])('a redirect with %i to another host', (status) => {
  it('is followed by no call: nothing goes there, and nothing from there is kept', async () => {
    const other = await otherHost();
    const { url: baseUrl } = await redirectTo(`${other.url}/accounts/login?secret=1`, status);
    const tokenStore = openStore(TOKENS);
    const tally = new Tally({ baseUrl, tokenStore });
    const failures = [
      await failureOf(tally.login({ username: 'ada', password: 'pa55word' })),
      await failureOf(tally.authenticate('ada', 'pa55word')),
      // Refreshes first.
      await failureOf(tally.sum(['d0cument'])),
      await failureOf(tally.health.checkLiveness()),
      await failureOf(tally.images.download('i', '200px')),
      await failureOf(tally.images.followLink('l1nk')),
    ];
    for (const failure of failures) {
      expect(failure).toMatchObject({ name: 'ApiError', status, code: 'redirected' });
      const { detail } = failure as ApiError;
      expect(detail).toContain(`redirects to ${other.url},`);
      expect(detail).toContain('baseUrl');
      expect(detail).not.toContain('secret');
      expect((failure as ApiError).headers.get('location')).toBe(other.url);
    }
    expect(other.received).toEqual([]);
    expect(tokenStore.tokens).toBe(TOKENS);
  });
});

it('refuses the answer of a fetch that follows redirects all the same', async () => {
  const other = await otherHost();
  const { url: baseUrl } = await redirectTo(other.url, 307);
  const tokenStore = openStore();
  const tally = new Tally({
    baseUrl,
    tokenStore,
    fetch: (input, init) => fetch(input, { ...init, redirect: 'follow' }),
  });
  const failure = await failureOf(tally.login({ username: 'ada', password: 'pa55word' }));
  expect(failure).toMatchObject({ code: 'redirected' });
  expect(tokenStore.tokens).toBeUndefined();
});

it('says so also where the redirect leads nowhere', async () => {
  const { url: baseUrl } = await faultServer(answers({ status: 302 }));
  expect(await failureOf(new Tally({ baseUrl }).health.checkLiveness())).toMatchObject({
    status: 302,
    code: 'redirected',
    detail: expect.stringContaining('another address'),
  });
});

it('tells a redirect of a browser, which shows nothing of it', async () => {
  const opaque = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
  const tally = new Tally({ baseUrl: 'http://localhost', fetch: async () => opaque });
  expect(await failureOf(tally.health.checkLiveness())).toMatchObject({
    status: 0,
    code: 'redirected',
    detail: expect.stringContaining('another address'),
  });
});
