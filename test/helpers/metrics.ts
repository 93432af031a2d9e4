import { freePort } from './free-port.ts';

/** Settings of a server that serves metrics, and their URL. */
export async function metricsSettings() {
  const port = await freePort();
  return {
    settings: { METRICS_PORT: String(port) },
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
  };
}

/** Numbers of Prometheus' text format, by the name and the labels as they are written. */
export async function readMetrics(url: string): Promise<Map<string, number>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** Returns the sum of all samples of a metric whose labels include all of these. */
export function total(
  samples: ReadonlyMap<string, number>,
  name: string,
  labels: Record<string, string | number> = {},
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return [...samples]
    .filter(([series]) => series === name || series.startsWith(`${name}{`))
    .filter(([series]) => wanted.every((label) => series.includes(label)))
    .reduce((sum, [, value]) => sum + value, 0);
}
