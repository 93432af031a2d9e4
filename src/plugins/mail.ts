import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { sweepRegularly } from '../http/sweep.ts';
import { type Compose, createDelivery } from '../mail/delivery.ts';
import type { MailTables } from '../mail/tables.ts';
import { createSender } from '../mail/transport.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Says how the messages of these kinds are made. */
    defineMails(kinds: Record<string, Compose>): void;
  }
}

/** Longest time between the commit of a mail and its first attempt. */
const POLL_INTERVAL_MS = 1000;

/** Sends the mails that features have stored. */
export const mailPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { target } = config.mail;
    const kinds = new Map<string, Compose>();
    app.decorate('defineMails', (more) => {
      for (const [kind, compose] of Object.entries(more)) kinds.set(kind, compose);
    });
    const delivery = createDelivery({
      database: app.database.as<MailTables>(),
      log: app.log,
      send: createSender(config.mail),
      kinds,
    });
    app.log.info(
      target.kind === 'folder'
        ? `mails are written to ${target.folder}; set MAIL_URL to send them`
        : `mails are sent through ${target.host}:${target.port}`,
    );
    app.addHook('preClose', async () => delivery.end());
    sweepRegularly(app, {
      interval: POLL_INTERVAL_MS,
      run: delivery.run,
      failure: 'the mails that wait could not be sent',
    });
  },
  { name: 'mail', dependencies: ['database'] },
);
