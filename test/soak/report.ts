import type { Sample } from './measurements.ts';

const WIDTH = 860;
const HEIGHT = 180;
const COLOURS = ['#2563eb', '#dc2626', '#059669', '#7c3aed'];

interface Chart {
  title: string;
  unit: string;
  members: (keyof Sample)[];
}

const CHARTS: Chart[] = [
  { title: 'Memory', unit: 'MiB', members: ['rss', 'heap', 'external'] },
  { title: 'File descriptors', unit: '', members: ['descriptors'] },
  { title: 'Delay of the event loop, 99th percentile', unit: 'ms', members: ['loopDelay'] },
  { title: 'Latency', unit: 'ms', members: ['median', 'p99'] },
  { title: 'Slowest request', unit: 'ms', members: ['slowest'] },
  { title: 'Requests per second', unit: '', members: ['rate'] },
];

/** Makes a page of charts and a table, which needs nothing else. */
export function renderReport(
  title: string,
  rows: readonly (readonly [string, string])[],
  samples: readonly Sample[],
): string {
  const table = rows
    .map(([name, value]) => `<tr><th>${escapeHtml(name)}<td>${escapeHtml(value)}`)
    .join('\n');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:15px system-ui;max-width:900px;margin:2em auto}th{text-align:left;padding-right:1em}svg{background:#f8fafc}text{font-size:12px}</style>
<h1>${escapeHtml(title)}</h1>
<table>
${table}
</table>
${CHARTS.map((chart) => renderChart(chart, samples)).join('\n')}
</html>
`;
}

function renderChart({ title, unit, members }: Chart, samples: readonly Sample[]): string {
  const end = samples.at(-1)?.at ?? 1;
  const top = Math.max(1e-9, ...samples.flatMap((sample) => members.map((name) => sample[name])));
  const lines = members.map((name, index) => {
    const points = samples.map(
      (sample) =>
        `${((sample.at / end) * WIDTH).toFixed(1)},${(HEIGHT - (sample[name] / top) * (HEIGHT - 20)).toFixed(1)}`,
    );
    const colour = COLOURS[index];
    return `<polyline fill="none" stroke="${colour}" points="${points.join(' ')}"/><text x="${10 + index * 120}" y="14" fill="${colour}">${name}</text>`;
  });
  return `<h2>${title}</h2>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" role="img">${lines.join('')}
<text x="${WIDTH - 8}" y="14" text-anchor="end">top: ${top.toFixed(1)} ${unit}, ${Math.round(end)} s</text></svg>`;
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
