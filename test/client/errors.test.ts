import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  ApiError,
  ConnectionError,
  rawJson,
  Tally,
  TallyError,
} from '../../generated-client/src/index.ts';
import { freePort } from '../helpers/free-port.ts';
import { guestToken, serverForTest } from '../helpers/server.ts';
import { answers, bodyOf, failureOf, faultServer } from './fault-server.ts';

describe('an answer that is not one of Tally', () => {
  it.each([
    ['a page of a proxy', 502, 'text/html', '<h1>Bad Gateway</h1>'],
    ['JSON of something else', 404, 'application/json', '{"message":"no such host"}'],
    ['JSON that is a string', 500, 'application/json', '"oh"'],
    ['half of a problem', 500, 'application/problem+json', '{"code":"internal'],
    ['nothing', 418, '', ''],
    ['a page where there should be an answer', 200, 'text/html', '<h1>Welcome</h1>'],
    ['half of an answer', 200, 'application/json', '{"status":"o'],
    ['nothing where there should be an answer', 204, '', ''],
    ['null', 200, 'application/json', 'null'],
    ['a list', 200, 'application/json', '[]'],
    ['text', 200, 'application/json', '"ok"'],
    ['JSON that is called a page', 200, 'text/html', '{"status":"ok"}'],
    ['a picture that is called JSON', 200, 'application/json', '\u0089PNG'],
  ])('is an error: %s', async (_, status, type, body) => {
    const headers = { 'content-type': type, 'x-request-id': 'r-1' };
    const { url } = await faultServer(answers({ status, headers, body }));
    const error = await failureOf(new Tally({ baseUrl: url }).health.checkLiveness());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toBeInstanceOf(TallyError);
    expect(error).toMatchObject({ status, code: 'unexpected_answer', requestId: 'r-1' });
  });

  it.each([
    ['nothing', 204, ''],
    ['JSON', 200, '{}'],
  ])('is an error in place of a file: %s', async (_, status, body) => {
    const { url } = await faultServer(answers({ status, body }));
    const { images } = new Tally({ baseUrl: url, token: 'x' });
    const image = ['i', '200px'] as const;
    const failures = [images.download(...image), images.stream(...image)].map(failureOf);
    for (const failure of await Promise.all(failures)) {
      expect(failure).toMatchObject({ status, code: 'unexpected_answer' });
    }
  });

  it('is an error where there should be nothing', async () => {
    const { url } = await faultServer(answers({ status: 200, body: '{}' }));
    const { accounts } = new Tally({ baseUrl: url, token: 'x' });
    expect(await failureOf(accounts.deleteSession('s'))).toMatchObject({
      status: 200,
      code: 'unexpected_answer',
    });
  });

  it('is an error of the connection where it is cut short', async () => {
    const { url } = await faultServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"status":', () => response.destroy());
    });
    const error = await failureOf(new Tally({ baseUrl: url }).health.checkLiveness());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ cause: expect.any(Error) });
  });
});

describe('no error shows what was sent', () => {
  // Short, so that an error that quotes only the beginning of something shows them whole.
  const SECRETS = ['pa55w', 's3cr3', 'd0cum'];
  const token = SECRETS[1]!;

  /** Returns everything that a program could print of an error, at any depth. */
  function everythingOf(error: unknown): string {
    const shown = [
      inspect(error, { depth: Infinity, showHidden: true, getters: true, maxStringLength: null }),
      String(error),
      JSON.stringify(error),
    ];
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      shown.push(cause.message, cause.stack ?? '', JSON.stringify(cause));
    }
    return shown.join('\n');
  }

  async function expectSilence(tally: Tally): Promise<void> {
    const failures = [
      await failureOf(tally.authenticate('ada', SECRETS[0]!)),
      await failureOf(tally.sum({ a: SECRETS[2] })),
      await failureOf(tally.sum(rawJson(`"${SECRETS[2]}`))),
      await failureOf(tally.sum(Buffer.from(`["${SECRETS[2]}", 1,]`))),
      await failureOf(
        tally.sum(new Blob([`"${SECRETS[2]}`]).stream() as ReadableStream<Uint8Array>),
      ),
    ];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(TallyError);
      const shown = everythingOf(failure);
      for (const secret of SECRETS) expect(shown).not.toContain(secret);
    }
  }

  const listeners: Record<string, RequestListener> = {
    'a page of a proxy that repeats the request': async (request, response) => {
      const body = await bodyOf(request);
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end(`<pre>${request.headers.authorization} ${body}</pre>`);
    },
    'the token in place of an answer': answers({ status: 200, body: token }),
    'an answer that repeats the request and is no JSON': async (request, response) => {
      const body = await bodyOf(request);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body.replace(/.*(?=pa55w|d0cum)/, ''));
    },
    'a connection that breaks off': (request) => {
      request.resume().on('end', () => request.socket.destroy());
    },
    'what is no HTTP': (request) => {
      request.resume().on('end', () => request.socket.end('nonsense\r\n\r\n'));
    },
    silence: (request) => void request.resume(),
  };

  it.each(Object.keys(listeners))('after %s', async (name) => {
    const { url } = await faultServer(listeners[name]!);
    await expectSilence(new Tally({ baseUrl: url, token, timeout: 150 }));
  });

  it('after a connection that is refused', async () => {
    const baseUrl = `http://localhost:${await freePort()}`;
    await expectSilence(new Tally({ baseUrl, token, retries: 0 }));
  });

  it('after a problem', async () => {
    const server = await serverForTest();
    const tally = new Tally({ baseUrl: server.url, token });
    const username = 'x'.repeat(300);
    const errors = [
      await failureOf(tally.authenticate(username, SECRETS[0]!)),
      await failureOf(tally.sum([SECRETS[2]])),
    ];
    expect(errors).toMatchObject([{ code: 'validation_failed' }, { code: 'invalid_token' }]);
    const signedIn = new Tally({ baseUrl: server.url, token: await guestToken(server) });
    errors.push(await failureOf(signedIn.sum(rawJson(`["${SECRETS[2]}",]`))));
    for (const error of errors) {
      for (const secret of [...SECRETS, username])
        expect(everythingOf(error)).not.toContain(secret);
    }
  });

  it.each([
    ['a token that no header can carry', () => ({ token: `${token}\n` })],
    ['a header that cannot be sent', () => ({ headers: { 'x-key': `${token}\n-` } })],
    ['an address with a password', () => ({ baseUrl: `http://ada:${SECRETS[0]}@localhost` })],
    ['an address that is none', () => ({ baseUrl: `ftp://${SECRETS[0]}` })],
  ])('after %s', (_, options) => {
    let error: unknown;
    try {
      new Tally({ baseUrl: 'http://localhost', ...options() });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TypeError);
    for (const secret of SECRETS) expect(everythingOf(error)).not.toContain(secret);
  });

  it('and no client shows its token', () => {
    const tally = new Tally({ baseUrl: 'http://localhost', token });
    expect(everythingOf(tally)).not.toContain(token);
  });
});
