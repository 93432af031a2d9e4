const INTERVAL_MS = 200;
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Returns a size in words, such as `1.2 GB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

export const countText = (count: number, noun: string) =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Shows how many bytes are done, on a terminal alone. */
export function createProgress(verb: string) {
  const isShown = process.stderr.isTTY === true;
  let done = 0;
  let total = 0;
  let shown = 0;
  return {
    expect(bytes: number) {
      total += bytes;
    },
    add(bytes: number) {
      done += bytes;
      if (!isShown || performance.now() - shown < INTERVAL_MS) return;
      shown = performance.now();
      const share = total > 0 ? ` of ${sizeText(total)}` : '';
      process.stderr.write(`\r\x1b[K${verb} ${sizeText(done)}${share}`);
    },
    end() {
      if (isShown && shown > 0) process.stderr.write('\r\x1b[K');
    },
  };
}

export type Progress = ReturnType<typeof createProgress>;
