import { Command } from 'commander';
/** Returns the command line: what it accepts, its help, and what each command does. */
export declare function createProgram(): Command;
