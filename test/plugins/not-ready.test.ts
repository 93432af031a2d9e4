import { renameSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { problems } from '../../src/http/problem.ts';
import { metricsSettings, readMetrics, total } from '../helpers/metrics.ts';
import { serverForTest } from '../helpers/server.ts';

it('is not ready without its storage, and names that part in the problem and in the metrics', async () => {
  const { settings, metricsUrl } = await metricsSettings();
  const { url, config } = await serverForTest(settings);
  const { folder } = config.storage as { folder: string };
  renameSync(folder, `${folder}-gone`);
  const response = await fetch(`${url}/health/ready`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    code: 'storage_unavailable',
    not_ready: ['storage'],
  });
  const samples = await readMetrics(metricsUrl);
  expect(total(samples, 'tally_ready', { part: 'storage' })).toBe(0);
  expect(total(samples, 'tally_ready', { part: 'database' })).toBe(1);
  // The storage tries to make its scratch folder again.
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}-gone`, folder);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
});

it('names all parts that are missing', async () => {
  const { url, app } = await serverForTest();
  for (const part of ['one', 'two']) {
    app.readiness.add(part, async () => {
      throw problems.databaseUnavailable();
    });
  }
  const response = await fetch(`${url}/health/ready`);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({ not_ready: ['one', 'two'] });
});
