import type { Command } from 'commander';
export declare const SHELLS: readonly ['bash', 'zsh', 'fish'];
type Shell = (typeof SHELLS)[number];
/** Prints the completions of a program for a shell. */
export declare function complete(program: Command, shell: Shell): Promise<void>;
export {};
