import { catalogue } from '../../src/metrics/catalogue.ts';
import { createRegistry } from '../../src/metrics/registry.ts';
import { table } from './docs-table.ts';

interface Row {
  name: string;
  help: string;
  type: unknown;
  labels: readonly string[];
}

/** Returns tables of all metrics: those of the catalogue, and those that prom-client collects of the process. */
export function metricTables(): string {
  const own = Object.values(catalogue).filter(({ name }) => !name.startsWith('process_'));
  const names = new Set<string>(own.map(({ name }) => name));
  const others = createRegistry()
    .registry.getMetricsAsArray()
    .filter(({ name }) => !names.has(name))
    .map((metric) => ({ ...metric, labels: labelsOf(metric) }) as unknown as Row);
  return [
    `## Tally\n\n${metricTable(own)}`,
    `## The process and Node.js\n\n${metricTable(others)}`,
  ].join('\n\n');
}

/** Returns the labels of a metric; prom-client's type does not declare them. */
const labelsOf = (metric: object) => (metric as { labelNames: string[] }).labelNames;

function metricTable(rows: readonly Row[]): string {
  const cells = ({ name, type, labels, help }: Row) => [
    `\`${name}\``,
    String(type),
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ];
  return table(['metric', 'type', 'labels', 'meaning'], rows.map(cells));
}
