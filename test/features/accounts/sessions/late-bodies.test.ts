import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  expectJson,
  me,
  PASSWORD,
  register,
  send,
  serverOn,
  signedInAdministrator,
  signIn,
} from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { fixture } from '../../../helpers/images.ts';
import { openConnection, readAnswer } from '../../../helpers/raw-http.ts';

describeOnEachDatabase('a body that ends after the rights of its sender', (database) => {
  const server = serverOn(database);

  /** Sends a request but for the last byte of its body; returns how to send that and get the answer. */
  async function begin(
    method: string,
    path: string,
    token: string,
    content: object | string,
    type = 'application/json',
  ) {
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    const socket = await openConnection(server.current.url);
    const lines = [
      `${method} ${path} HTTP/1.1`,
      'host: tally',
      'connection: close',
      `authorization: Bearer ${token}`,
      `content-type: ${type}`,
      `content-length: ${body.length}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`, 'latin1');
    // Long enough for the token to be looked at.
    await setTimeout(300);
    return async () => {
      socket.write(body.slice(-1), 'latin1');
      const answer = await readAnswer(socket);
      return { status: answer.status, code: JSON.parse(answer.body).code };
    };
  }

  const manage = (token: string, id: string, body: object) =>
    expectJson(send(server.current, 'PATCH', `/accounts/${id}`, { token, body }));

  it('gives nobody the rights of an administrator who is disabled meanwhile', async () => {
    const first = await signedInAdministrator(server.current);
    const second = await signedInAdministrator(server.current);
    const puppet = await register(server.current);
    const end = await begin('PATCH', `/accounts/${puppet.id}`, second.token, { role: 'admin' });
    await manage(first.token, second.account.id, { disabled: true });
    expect(await end()).toEqual({ status: 401, code: 'session_ended' });
    const now = await expectJson(
      send(server.current, 'GET', `/accounts/${puppet.id}`, { token: first.token }),
    );
    expect(now).toMatchObject({ role: 'user' });
  });

  it('is not summed once the session has ended', async () => {
    const first = await signedInAdministrator(server.current);
    const second = await signedInAdministrator(server.current);
    const end = await begin('POST', '/sum', second.token, '[1,2]');
    await manage(first.token, second.account.id, { disabled: true });
    expect(await end()).toEqual({ status: 401, code: 'session_ended' });
  });

  it('needs the scope that its sender has then', async () => {
    const first = await signedInAdministrator(server.current);
    const second = await signedInAdministrator(server.current);
    const product = { name: 'Mug', price: 1, currency: 'EUR' };
    const end = await begin('POST', '/products', second.token, product);
    await manage(first.token, second.account.id, { role: 'user' });
    expect(await end()).toEqual({ status: 403, code: 'insufficient_scope' });
  });

  it('changes nothing once the password has changed', async () => {
    const account = await register(server.current);
    const { access_token } = await signIn(server.current, account);
    const end = await begin('PATCH', '/accounts/me', access_token, { first_name: 'Thief' });
    const body = {
      email: account.email,
      current_password: PASSWORD,
      new_password: `${PASSWORD} two`,
    };
    await expectJson(send(server.current, 'POST', '/accounts/password', { body }), 204);
    expect(await end()).toEqual({ status: 401, code: 'session_ended' });
    const again = await signIn(server.current, account, body.new_password);
    expect(await expectJson(me(server.current, again.access_token))).toMatchObject({
      first_name: '',
    });
  });

  it('leaves no image of a session that has ended', async () => {
    const account = await register(server.current);
    const { access_token } = await signIn(server.current, account);
    const other = await signIn(server.current, account);
    const image = fixture('baseline.jpg').toString('latin1');
    const form = `--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n${image}\r\n--x--\r\n`;
    const end = await begin(
      'POST',
      '/images',
      access_token,
      form,
      'multipart/form-data; boundary=x',
    );
    await expectJson(
      send(server.current, 'POST', '/accounts/logout', { token: access_token }),
      204,
    );
    expect(await end()).toEqual({ status: 401, code: 'session_ended' });
    const list = send(server.current, 'GET', '/images', { token: other.access_token });
    expect(await expectJson(list)).toMatchObject({ count: 0 });
  });

  it('is taken while they last', async () => {
    const account = await register(server.current);
    const { access_token } = await signIn(server.current, account);
    const end = await begin('PATCH', '/accounts/me', access_token, { first_name: 'Ada' });
    expect(await end()).toEqual({ status: 200, code: undefined });
  });
});
