import { describe, expect, it } from 'vitest';
import { ApiError, Tally } from '../../generated-client/src/index.ts';
import { guestToken, serverForTest } from '../helpers/server.ts';
import { answers, failureOf, faultServer } from './fault-server.ts';

const broken = (errors: unknown) => ({
  status: 400,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({
    code: 'validation_failed',
    detail: 'See "errors".',
    request_id: 'r',
    errors,
  }),
});
const rule = (number: number) => ({ path: `/parts/${number}`, message: 'must be <= 10000' });

async function messageAfter(errors: unknown): Promise<string> {
  const { url } = await faultServer(answers(broken(errors)));
  const error = await failureOf(new Tally({ baseUrl: url }).authenticate('ada', 'secret'));
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).message;
}

describe('the message of an ApiError', () => {
  it('ends with the rules that the request breaks', async () => {
    expect(await messageAfter([rule(0)])).toBe(
      '400 validation_failed: See "errors" (request r): /parts/0 must be <= 10000',
    );
    expect(await messageAfter([rule(0), rule(1)])).toMatch(
      / \(request r\): \/parts\/0 must be <= 10000; \/parts\/1 must be <= 10000$/,
    );
  });

  it('names a few of many rules', async () => {
    const message = await messageAfter(Array.from({ length: 20 }, (_, index) => rule(index)));
    expect(message).toMatch(/: \/parts\/0 [^;]+; \/parts\/1 [^;]+; \/parts\/2 [^;]+, and 17 more$/);
  });

  it.each([[[]], ['none'], [undefined], [[null, 'x', { path: 1 }, { message: 'm' }]]])(
    'has no rules where the answer names none: %j',
    async (errors) => {
      expect(await messageAfter(errors)).toBe('400 validation_failed: See "errors". (request r)');
    },
  );

  it('has the rules of a server, and nothing that was sent', async () => {
    const server = await serverForTest();
    const tally = new Tally({ baseUrl: server.url, token: await guestToken(server) });
    const username = 's3cret'.repeat(100);
    const failures = [
      await failureOf(tally.authenticate(username, 'pa55word')),
      await failureOf(tally.sumDetails([1], { include: ['s3cret' as 'sum'] })),
      await failureOf(tally.sumDetails(['s3cret'], { collapse: ['$..a'], include: ['paths'] })),
    ].map((failure) => (failure as Error).message);
    expect(failures).toEqual([
      expect.stringMatching(/: \/username must \S.*$/),
      expect.stringMatching(/: \/include must \S.*$/),
      expect.stringMatching(/: \/collapse "\$\.\.a" is not a path such as .*$/),
    ]);
    for (const message of failures) expect(message).not.toMatch(/s3cret|pa55word/);
  });
});
