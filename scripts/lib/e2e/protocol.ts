import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { createPublicKey, verify } from 'node:crypto';
import { rawJson, Tally } from '../../../generated-client/dist/index.js';
import { expectProblem } from './steps.ts';
import type { World } from './world.ts';

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

export async function testProtocol({ run, url, credentials, customer, summer }: World) {
  const nobody = new Tally({ baseUrl: url });
  await run.step('signs tokens with a key that it publishes', async () => {
    const { access_token: token } = await nobody.with({}).login(credentials);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { kid, alg, typ } = decode(header);
    strictEqual(typ, 'at+jwt');
    const { keys } = await nobody.auth.getSigningKeys();
    const jwk = keys.find((key) => key.kid === kid);
    ok(jwk, `the key ${kid} is not published`);
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    const hash = alg === 'EdDSA' ? null : 'sha256';
    const dsaEncoding = 'ieee-p1363';
    const bytes = Buffer.from(signature, 'base64url');
    strictEqual(verify(hash, signed, { key, dsaEncoding }, bytes), true, 'a valid signature');
    const claims = decode(payload);
    const { issuer } = await nobody.auth.getAuthorizationServerMetadata();
    deepStrictEqual(
      [claims.iss, claims.sub, claims.acr, claims.exp - claims.iat],
      [issuer, credentials.username, '1', 3600],
      'the claims iss, sub, acr and the lifetime',
    );
    await nobody.logout();
  });
  await run.step('serves its client, and answers 304 while that is the same', async () => {
    const path = `${url}/client.tgz`;
    const first = await fetch(path);
    await first.arrayBuffer();
    strictEqual(first.status, 200);
    const again = await fetch(path, { headers: { 'if-none-match': first.headers.get('etag')! } });
    strictEqual(again.status, 304);
  });
  await run.step('refuses requests with problems that say why', async () => {
    await expectProblem(nobody.sum([1]), 401, 'missing_token');
    const forged = new Tally({ baseUrl: url, token: 'forged' });
    await expectProblem(forged.sum([1]), 401, 'invalid_token');
    await expectProblem(customer.accounts.list(), 403, 'insufficient_scope');
    const { errors } = await expectProblem(
      customer.orders.quote({ parts: [] }),
      400,
      'validation_failed',
    );
    deepStrictEqual(
      errors.map(({ path }) => path),
      ['/parts'],
      'the members that are wrong',
    );
    await expectProblem(summer.sum(rawJson('')), 400, 'malformed_json');
  });
  await run.step('refuses paths and methods that do not exist', async () => {
    await expectRefusal('/no/such/path', 'GET', 404, 'not_found');
    await expectRefusal('/sum', 'PUT', 405, 'method_not_allowed');
  });

  async function expectRefusal(path: string, method: string, status: number, code: string) {
    const answer = await fetch(url + path, { method });
    const problem = (await answer.json()) as { status: number; code: string; request_id: string };
    deepStrictEqual([answer.status, problem.status, problem.code], [status, status, code]);
    strictEqual(problem.request_id, answer.headers.get('x-request-id'), 'the request id');
  }
}
