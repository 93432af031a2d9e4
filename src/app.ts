import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config } from './config.ts';
import { createAccountDirectory } from './features/accounts/directory/repository.ts';
import { accountsFeature, createAccountServices } from './features/accounts/index.ts';
import { createSessionFinder } from './features/accounts/sessions/session-finder.ts';
import type { AccountTables } from './features/accounts/tables.ts';
import { authFeature, authPlugin, guestAuthentication } from './features/auth/index.ts';
import { imagesFeature } from './features/images/index.ts';
import { shopFeature } from './features/shop/index.ts';
import { sumFeature } from './features/sum/index.ts';
import { tiersFeature } from './features/tiers/index.ts';
import { createTierService, DEFAULT_TIER } from './features/tiers/service.ts';
import type { TierTables } from './features/tiers/tables.ts';
import { CoalescingRequest } from './http/coalescing-request.ts';
import { pathAndQuery } from './http/request-target.ts';
import { createTrust } from './http/trusted-proxies.ts';
import { buildValidator } from './http/validation.ts';
import { migrations } from './migrations.ts';
import { bodiesPlugin } from './plugins/bodies.ts';
import { clientPackagePlugin } from './plugins/client-package.ts';
import { connectionsPlugin } from './plugins/connections.ts';
import { databasePlugin } from './plugins/database.ts';
import { healthPlugin } from './plugins/health.ts';
import { idempotencyPlugin } from './plugins/idempotency.ts';
import { isolationPlugin } from './plugins/isolation.ts';
import { mailPlugin } from './plugins/mail.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { notFoundPlugin } from './plugins/not-found.ts';
import { openapiPlugin } from './plugins/openapi.ts';
import { overloadPlugin } from './plugins/overload.ts';
import { pipeliningPlugin } from './plugins/pipelining.ts';
import { answerOnSocket, answerWithProblem, problemsPlugin } from './plugins/problems.ts';
import { protectionPlugin } from './plugins/protection.ts';
import { rateLimitsPlugin } from './plugins/rate-limits.ts';
import { requestLogPlugin } from './plugins/request-log.ts';
import { requestsInFlightPlugin } from './plugins/requests-in-flight.ts';
import { routeConventionsPlugin } from './plugins/route-conventions.ts';
import { shutdownPlugin } from './plugins/shutdown.ts';
import { slowLogPlugin } from './plugins/slow-log.ts';
import { storagePlugin } from './plugins/storage.ts';
import { tracingPlugin } from './plugins/tracing.ts';

/**
 * Builds the whole system from its configuration and a logger.
 *
 * @throws {Error} the reason why a part of it cannot start, after the others are closed.
 */
export async function buildApp(
  config: Config,
  logger: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    // The request-log plugin writes one line for each request instead.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    rewriteUrl: ({ url = '/' }) => pathAndQuery(url),
    requestIdHeader: false,
    genReqId: ({ headers }) => acceptableRequestId(headers['x-request-id']) ?? randomUUID(),
    trustProxy: createTrust(config.http.trustProxy),
    bodyLimit: config.http.maxBodyBytes,
    connectionTimeout: config.http.bodyIdleTimeout,
    requestTimeout: config.http.requestTimeout,
    keepAliveTimeout: config.http.keepAliveTimeout,
    http: {
      IncomingMessage: CoalescingRequest,
      maxHeaderSize: config.http.maxHeaderBytes,
      headersTimeout: config.http.headersTimeout,
      connectionsCheckingInterval: Math.min(config.http.headersTimeout, 10_000),
    },
    frameworkErrors: answerWithProblem,
    clientErrorHandler: answerOnSocket,
    // No time limit: a migration may take long, or wait for that of another process.
    pluginTimeout: 0,
    return503OnClosing: false,
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    schemaController: { compilersFactory: { buildValidator } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  try {
    await addPlugins(app, config);
    await addFeatures(app, config);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

async function addPlugins(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(metricsPlugin, { config });
  await app.register(isolationPlugin);
  await app.register(tracingPlugin, { config });
  await app.register(problemsPlugin);
  await app.register(requestLogPlugin);
  await app.register(slowLogPlugin, { config });
  await app.register(shutdownPlugin);
  await app.register(protectionPlugin, { config });
  await app.register(rateLimitsPlugin, { config });
  await app.register(notFoundPlugin);
  await app.register(bodiesPlugin, { config });
  await app.register(connectionsPlugin, { config });
  await app.register(pipeliningPlugin, { config });
  await app.register(openapiPlugin, { config });
  await app.register(clientPackagePlugin);
  await app.register(routeConventionsPlugin);
  await app.register(healthPlugin);
  await app.register(databasePlugin, { config, migrations });
  await app.register(idempotencyPlugin, config.idempotency);
  await app.register(mailPlugin, { config });
  await app.register(storagePlugin, { config });
  const findSession = createSessionFinder(app.database.as<AccountTables>(), config.accounts);
  await app.register(authPlugin, { settings: config.auth, dataDir: config.dataDir, findSession });
  await app.register(requestsInFlightPlugin, { config });
  await app.register(overloadPlugin, { config });
}

async function addFeatures(app: FastifyInstance, config: Config): Promise<void> {
  const directory = createAccountDirectory(app.database.as<AccountTables>());
  const tiers = createTierService({
    database: app.database.as<TierTables>(),
    idempotency: app.idempotency,
    isInUse: directory.hasTier,
  });
  const accounts = await createAccountServices({
    database: app.database.as<AccountTables>(),
    idempotency: app.idempotency,
    settings: config.accounts,
    mail: config.mail,
    tiers: { defaultTier: DEFAULT_TIER, lock: tiers.lock },
  });
  const isOpen = config.auth.mode === 'open';
  await app.register(authFeature, {
    authentication: isOpen ? guestAuthentication : accounts.authentication,
    accountScopes: accounts.authentication.scopes,
  });
  await app.register(sumFeature, { limits: config.sum });
  await app.register(accountsFeature, { services: accounts, publicUrl: config.http.publicUrl });
  await app.register(tiersFeature, { tiers, publicUrl: config.http.publicUrl });
  await app.register(imagesFeature, {
    settings: config.images,
    owners: directory,
    resolveTier: tiers.resolve,
    dataDir: config.dataDir,
    publicUrl: config.http.publicUrl,
  });
  await app.register(shopFeature, { publicUrl: config.http.publicUrl, ...config.shop });
}

/** Returns a client's request id if it is safe in a header and in the log. */
function acceptableRequestId(id: string | string[] | undefined): string | undefined {
  return typeof id === 'string' && /^[\w.:+=/-]{1,128}$/.test(id) ? id : undefined;
}
