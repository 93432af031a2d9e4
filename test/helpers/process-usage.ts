import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A kernel clock tick, the unit of /proc/PID/stat. */
const TICK_MS = 10;

interface Process {
  child: ChildProcess;
}

/** Returns the resident memory of a process, in bytes: that of now, and the highest so far. */
export function memoryOf({ child }: Process): { now: number; peak: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
  const read = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)![1]) * 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Returns the processor time of a process, in all of its threads, in milliseconds. */
export function processorTimeOf({ child }: Process): number {
  return processorTimeIn(`/proc/${child.pid}/stat`);
}

/** Returns the processor time of the thread with the event loop that answers requests, in milliseconds. */
export function mainThreadTimeOf({ child }: Process): number {
  return processorTimeIn(`/proc/${child.pid}/task/${child.pid}/stat`);
}

function processorTimeIn(path: string): number {
  const stat = readFileSync(path, 'latin1');
  // proc(5): after the name in parentheses, utime and stime are the 12th and 13th fields.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
