import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';

export type Ending = ReturnType<typeof createEnding>;

/** Ends the process once the app is closed, for one of several reasons. What comes later changes only the exit code. */
export function createEnding(
  app: FastifyInstance,
  stopListening: () => void,
  { shutdownDelay, shutdownTimeout, keepAliveTimeout }: Config['http'],
) {
  let signalled = false;
  let retiring = false;
  let closing: Promise<void> | undefined;
  let exitCode = 0;
  let closeListener = () => {};

  function close(): Promise<void> {
    closing ??= closeAndExit();
    return closing;
  }

  async function closeAndExit(): Promise<void> {
    closeListener();
    setTimeout(() => {
      app.log.error('requests in flight are cut off after SHUTDOWN_TIMEOUT');
      process.exit(1);
    }, shutdownTimeout);
    try {
      await app.close();
    } catch (error) {
      app.log.error({ err: error }, 'the end failed');
      exitCode = 1;
    }
    app.log.info({ code: exitCode }, 'stopped');
    process.exit(exitCode);
  }

  return {
    /** Ends because of a signal: after SHUTDOWN_DELAY with SIGTERM. */
    async end(signal: NodeJS.Signals): Promise<void> {
      if (signalled) return;
      signalled = true;
      if (signal === 'SIGTERM' && shutdownDelay > 0 && !retiring) {
        app.log.info({ signal }, 'not ready any more; shutting down after SHUTDOWN_DELAY');
        app.shutdown.begin();
        await pause(shutdownDelay);
      }
      app.log.info({ signal }, 'shutting down once the requests in flight are done');
      await close();
    },

    /** Ends without losing requests, where another process listens on the same port. */
    async retire(): Promise<void> {
      retiring = true;
      app.log.info('replaced by another worker; shutting down once the connections are gone');
      app.shutdown.begin();
      stopListening();
      // Whoever keeps a connection may send a request at any time, so that each is closed after an answer, or when it
      // has been idle for as long as clients have been told.
      await Promise.race([app.shutdown.connectionsGone(), pause(keepAliveTimeout)]);
      await close();
    },

    /** Ends because of an error outside of any request; at once, if it is the second. */
    crash(error: unknown): void {
      app.log.fatal({ err: error }, 'crashed; shutting down once the requests in flight are done');
      if (exitCode !== 0) process.exit(1);
      exitCode = 1;
      void close();
    },

    /** Sets a function that is called when the server stops accepting connections for good. */
    onClose(listener: () => void): void {
      closeListener = listener;
    },
  };
}
