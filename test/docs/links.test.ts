import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/process.ts';
import { files } from './snippets.ts';

const pages = [...files, 'CONTRIBUTING.md', 'CHANGELOG.md'];
const LINK = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g;

/** Returns the anchors of a page's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/^ *```.*?^ *```$/gms, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each(pages)('links of %s lead somewhere', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  for (const [link, path = '', anchor] of text.matchAll(LINK)) {
    const target = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(root, target)), link).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
  }
});
