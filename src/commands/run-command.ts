import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

export interface Command<T extends Options> {
  /** Text that `--help` prints. */
  usage: string;
  options: T;
  /** Accepts arguments that are no options. */
  allowPositionals?: boolean;
  /** @param terminated those of the positionals that follow `--` */
  work(values: Values<T>, positionals: string[], terminated: string[]): Promise<void> | void;
  /** Returns an error as one line; its message by default. */
  explain?(error: Error): string;
}

/** The arguments do not fit together, or one is missing. */
export class WrongArguments extends Error {
  readonly exitCode = 2;
}

/** Returns the absolute path of a file that an argument names; scripts have another working directory than their caller. */
export const callerPath = (file: string): string => resolve(callerFolder(), file);
export const callerFolder = (): string => process.env.CALLER_FOLDER ?? process.cwd();

/**
 * Returns the one file before `--`.
 *
 * @throws {WrongArguments} if there is none, or more
 */
export function fileBeforeCommand(positionals: string[], command: string[]): string {
  const [file, other] = positionals.slice(0, positionals.length - command.length);
  if (file === undefined) throw new WrongArguments('FILE is missing; see --help');
  if (other !== undefined) {
    throw new WrongArguments(
      `unexpected argument ${JSON.stringify(other)}: there is one FILE, and -- before a COMMAND; see --help`,
    );
  }
  return file;
}

/**
 * Runs a program with its arguments. Exits with 1 if its work fails, or else with the `exitCode` of the error, and with 2
 * if an argument is wrong.
 */
export async function runCommand<T extends Options>(command: Command<T>): Promise<void> {
  const { usage, work, explain = ({ message }) => message } = command;
  const read = readArguments(command);
  if (!read) return;
  const { values, positionals, terminated } = read;
  if ('help' in values) {
    process.stdout.write(usage);
    return;
  }
  try {
    await work(values, positionals, terminated);
  } catch (error) {
    process.stderr.write(`tally: ${explain(error as Error)}\n`);
    process.exitCode = (error as { exitCode?: number }).exitCode ?? 1;
  }
}

function readArguments<T extends Options>({ options, allowPositionals = false }: Command<T>) {
  try {
    const { values, positionals, tokens } = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals,
      tokens: true,
    });
    const end = tokens.findIndex(({ kind }) => kind === 'option-terminator');
    const count = end < 0 ? 0 : tokens.length - end - 1;
    const terminated = positionals.slice(positionals.length - count);
    return { values: values as Values<T>, positionals, terminated };
  } catch (error) {
    // The other sentences say how to pass a positional argument that looks like an option.
    const [fault] = (error as Error).message.split('. ');
    process.stderr.write(`tally: ${fault}; see --help\n`);
    process.exitCode = 2;
    return undefined;
  }
}
