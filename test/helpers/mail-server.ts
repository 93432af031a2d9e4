import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { parseMail, type ReceivedMail } from './mails.ts';

export interface MailServer {
  port: number;
  /** The mails that were accepted. */
  mails: ReceivedMail[];
  /** Attempts so far, accepted or not. */
  attempts: number;
  /** Answers to the next recipients; undefined accepts. `hang` never answers. */
  answers: (undefined | 'hang' | { code: number; text: string })[];
}

/** Starts a real SMTP server, and ends it with the test that calls this. */
export async function mailServerForTest(options: SMTPServerOptions = {}): Promise<MailServer> {
  const state: MailServer = { port: 0, mails: [], attempts: 0, answers: [] };
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 100,
    ...options,
    onRcptTo(_address, _session, done) {
      state.attempts += 1;
      const answer = state.answers.shift();
      if (answer === 'hang') return;
      done(answer && Object.assign(new Error(answer.text), { responseCode: answer.code }));
    },
    onData(stream, _session, done) {
      buffer(stream).then((bytes) => {
        state.mails.push(parseMail(bytes.toString('latin1')));
        done();
      }, done);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.port = (server.server.address() as AddressInfo).port;
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return state;
}
