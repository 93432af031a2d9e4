import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { environmentSchema, loadConfig } from '../../src/config.ts';
import { root } from '../helpers/process.ts';

const documents = parseAllDocuments(
  readFileSync(join(root, 'deploy/kubernetes/tally.yaml'), 'utf8'),
);
const objects = documents.map((document) => document.toJS());
const find = (kind: string) => objects.find((object) => object.kind === kind);

it('is YAML without errors or warnings', () => {
  for (const { errors, warnings } of documents) expect([...errors, ...warnings]).toEqual([]);
});

it('uses settings that exist', () => {
  const settings = Object.keys(environmentSchema.properties);
  for (const name of Object.keys(find('ConfigMap').data)) expect(settings).toContain(name);
});

it('opens the port of metrics on the pods alone', () => {
  const { metrics } = loadConfig(find('ConfigMap').data);
  const { ports } = find('Deployment').spec.template.spec.containers[0];
  expect(metrics.host).toBe('0.0.0.0');
  expect(ports).toContainEqual({ name: 'metrics', containerPort: metrics.port });
  expect(find('Service').spec.ports.map(({ name }: { name: string }) => name)).toEqual(['http']);
});

it('gives pods more time to end than the server takes', () => {
  const { shutdownDelay, shutdownTimeout } = loadConfig(find('ConfigMap').data).http;
  const { terminationGracePeriodSeconds } = find('Deployment').spec.template.spec;
  expect(terminationGracePeriodSeconds * 1000).toBeGreaterThan(shutdownDelay + shutdownTimeout);
});

it('has a service, an ingress and a budget that belong to the deployment', () => {
  const { matchLabels } = find('Deployment').spec.selector;
  const { template } = find('Deployment').spec;
  expect(template.metadata.labels).toEqual(matchLabels);
  expect(find('Service').spec.selector).toEqual(matchLabels);
  expect(find('PodDisruptionBudget').spec.selector.matchLabels).toEqual(matchLabels);
  const [{ http }] = find('Ingress').spec.rules;
  expect(http.paths[0].backend.service.name).toBe(find('Service').metadata.name);
  expect(template.spec.containers[0].ports[0].name).toBe(find('Service').spec.ports[0].targetPort);
});
