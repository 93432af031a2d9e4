import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

export interface Command<T extends Options> {
  /** Text that `--help` prints. */
  usage: string;
  options: T;
  work(values: Values<T>): Promise<void> | void;
  /** Returns an error as one line; its message by default. */
  explain?(error: Error): string;
}

/** Runs a program with its arguments. Exits with 1 if its work fails, and with 2 if an argument is wrong. */
export async function runCommand<T extends Options>(command: Command<T>): Promise<void> {
  const { usage, options, work, explain = ({ message }) => message } = command;
  const values = readArguments(options);
  if (!values) return;
  if ('help' in values) {
    process.stdout.write(usage);
    return;
  }
  try {
    await work(values);
  } catch (error) {
    process.stderr.write(`tally: ${explain(error as Error)}\n`);
    process.exitCode = 1;
  }
}

function readArguments<T extends Options>(options: T): Values<T> | undefined {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
    return values as Values<T>;
  } catch (error) {
    // The other sentences are about positional arguments, which no program here takes.
    const [fault] = (error as Error).message.split('. ');
    process.stderr.write(`tally: ${fault}; see --help\n`);
    process.exitCode = 2;
    return undefined;
  }
}
