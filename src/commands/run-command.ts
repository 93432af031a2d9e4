import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

export interface Command<T extends Options> {
  /** Text that `--help` prints. */
  usage: string;
  options: T;
  work(values: Values<T>): Promise<void> | void;
  /** Puts an error into one line; without it, its message is that line. */
  explain?(error: Error): string;
}

/** Runs a program with its arguments. It ends with 1 where its work fails, and with 2 where an argument is wrong. */
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
    // What follows the first sentence is about positional arguments, which no program here takes.
    const [fault] = (error as Error).message.split('. ');
    process.stderr.write(`tally: ${fault}; --help shows what there is\n`);
    process.exitCode = 2;
    return undefined;
  }
}
