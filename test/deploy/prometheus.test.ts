import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { createRegistry } from '../../src/metrics/registry.ts';
import { hasTool } from '../docs/tools.ts';
import { freePort } from '../helpers/free-port.ts';
import { metricsSettings } from '../helpers/metrics.ts';
import { guestToken, serverForTest } from '../helpers/server.ts';

const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');

interface Panel {
  targets?: { expr: string }[];
}

interface Rule {
  alert: string;
  expr: string;
}

const dashboard = JSON.parse(read('grafana/tally.json')) as { panels: Panel[] };
const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const rules: Rule[] = parse(read('prometheus/alerts.yml')).groups[0].rules;

const known = new Set(
  createRegistry()
    .registry.getMetricsAsArray()
    .map(({ name }) => name),
);

/** Returns the metrics of an expression that do not exist. */
function unknownMetrics(expression: string): string[] {
  const names = expression.match(/\b(?:tally|http|process|nodejs)_\w+/g) ?? [];
  return names.filter(
    (name) => !known.has(name) && !known.has(name.replace(/_(?:bucket|sum|count)$/, '')),
  );
}

describe('the dashboard and the alerts', () => {
  it('use metrics that exist', () => {
    expect(panels.length).toBeGreaterThan(30);
    expect(rules.length).toBeGreaterThan(10);
    const expressions = [...panels, ...rules.map(({ expr }) => expr)];
    expect(expressions.flatMap(unknownMetrics)).toEqual([]);
    expect(unknownMetrics('rate(tally_no_such_total[5m])')).toEqual(['tally_no_such_total']);
  });

  it('have a panel for each metric of Tally, and a paragraph in the guide for each alert', () => {
    const shown = [...panels, ...rules.map(({ expr }) => expr)].join('\n');
    const own = [...known].filter((name) => /^(?:tally|http)_/.test(name));
    expect(own.filter((name) => !shown.includes(name))).toEqual([]);
    const guide = readFileSync(join(deploy, '../docs/how-to/monitor.md'), 'utf8');
    expect(rules.filter(({ alert }) => !guide.includes(`\`${alert}\``))).toEqual([]);
  });
});

describe.runIf(hasTool('promtool') && hasTool('prometheus'))(
  'Prometheus',
  { timeout: 60_000 },
  () => {
    it('accepts the configuration, and every alert fires when it should', () => {
      const promtool = (...args: string[]) => execFileSync('promtool', args, { cwd: deploy });
      expect(String(promtool('check', 'config', 'prometheus/prometheus.yml'))).toContain('SUCCESS');
      expect(String(promtool('test', 'rules', 'prometheus/alerts.test.yml'))).toContain('SUCCESS');
      const tested = read('prometheus/alerts.test.yml');
      expect(rules.filter(({ alert }) => !tested.includes(`alertname: ${alert}\n`))).toEqual([]);
    });

    it('scrapes a server, and answers the questions of the dashboard and the alerts', async () => {
      const { settings, metricsUrl } = await metricsSettings();
      const server = await serverForTest(settings);
      const prometheus = await startPrometheus(new URL(metricsUrl).host);
      const headers = {
        authorization: `Bearer ${await guestToken(server)}`,
        'content-type': 'application/json',
      };
      const send = () => fetch(`${server.url}/sum`, { method: 'POST', headers, body: '[1]' });
      const rate = 'sum(rate(http_request_duration_seconds_count{route="/sum",status="200"}[10s]))';
      const asked = async () => {
        for (let sent = 0; sent < 10; sent++) await (await send()).text();
        return Number((await prometheus.query(rate))[0]?.value[1] ?? 0);
      };
      await expect.poll(asked, { timeout: 20_000, interval: 200 }).toBeGreaterThan(1);
      const [p99] = await prometheus.query(
        'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[10s])))',
      );
      expect(Number(p99!.value[1])).toBeGreaterThan(0);
      const answers = panels.map((expression) =>
        prometheus.query(
          expression.replaceAll('$__rate_interval', '10s').replaceAll('$instance', '.*'),
        ),
      );
      const empty = (await Promise.all(answers)).filter((answer) => answer.length === 0);
      // Some count what has not happened, such as errors.
      expect(empty.length).toBeLessThan(panels.length / 2);
      await expect.poll(() => prometheus.ruleHealth()).toEqual(rules.map(() => 'ok'));
    });
  },
);

/** Starts Prometheus with the configuration of deploy/, scraping one server each second. */
async function startPrometheus(target: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tally-prometheus-'));
  const config = read('prometheus/prometheus.yml')
    .replaceAll('15s', '1s')
    .replace('alerts.yml', join(deploy, 'prometheus/alerts.yml'))
    .replace('localhost:9464', target);
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const child = spawn('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const ended = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const api = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const { status, error, data } = (await response.json()) as Record<string, never>;
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data as never;
  };
  const isUp = () => api('query?query=1').then(Boolean, () => false);
  await expect.poll(isUp, { timeout: 20_000 }).toBe(true);
  return {
    async query(expression: string): Promise<{ value: [number, string] }[]> {
      const { result } = await api(`query?query=${encodeURIComponent(expression)}`);
      return result;
    },
    async ruleHealth(): Promise<string[]> {
      const { groups } = (await api('rules')) as { groups: { rules: { health: string }[] }[] };
      return groups.flatMap(({ rules }) => rules.map(({ health }) => health));
    },
  };
}
