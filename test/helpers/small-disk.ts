import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** True if this process may mount a small disk: on Linux, as root. */
export const canMount = tryToMount();

function tryToMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'tally-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (mounted.status === 0) execFileSync('umount', [folder]);
  rmdirSync(folder);
  return mounted.status === 0;
}

export interface SmallDisk {
  folder: string;
  remount(mode: 'ro' | 'rw'): void;
}

/** Mounts a disk in memory, unmounted when the test that calls it ends. */
export function smallDiskForTest(mebibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tally-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  });
  return {
    folder,
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, folder]),
  };
}
