/** Protocols whose statements a proxy can read, without TLS. */
export type Protocol = 'postgres' | 'mysql';

/** Extracts the statements that a client sends on one connection, however its data is split into chunks. */
export function statementsIn(protocol: Protocol): (bytes: Buffer) => string[] {
  const next = protocol === 'postgres' ? postgresMessages() : mysqlPackets;
  let pending = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    const statements: string[] = [];
    for (;;) {
      const message = next(pending);
      if (!message || pending.length < message.length) return statements;
      if (message.read) statements.push(message.read(pending.subarray(0, message.length)));
      pending = pending.subarray(message.length);
    }
  };
}

interface Message {
  length: number;
  /** Set for messages that are statements. */
  read?: (message: Buffer) => string;
}

type NextMessage = (pending: Buffer) => Message | undefined;

/** PostgreSQL: a start-up message without a type; then messages of a type, a length and a body. */
function postgresMessages(): NextMessage {
  let started = false;
  return (pending) => {
    if (pending.length < 5) return undefined;
    if (!started) {
      const length = pending.readUInt32BE(0);
      started = pending.length >= length;
      return { length };
    }
    const length = 1 + pending.readUInt32BE(1);
    const type = String.fromCharCode(pending[0]!);
    if (type === 'Q') return { length, read: (message) => textAt(message, 5) };
    // Parse: the name of the statement comes first.
    if (type === 'P')
      return { length, read: (message) => textAt(message, message.indexOf(0, 5) + 1) };
    return { length };
  };
}

const textAt = (message: Buffer, start: number) =>
  message.toString('utf8', start, message.indexOf(0, start));

const COM_QUERY = 3;
const COM_STMT_PREPARE = 22;

/** MySQL and MariaDB: a length of 3 bytes, the number of the packet, and a body; a command has number 0. */
const mysqlPackets: NextMessage = (pending) => {
  if (pending.length < 5) return undefined;
  const length = 4 + pending.readUIntLE(0, 3);
  const isStatement = pending[3] === 0 && [COM_QUERY, COM_STMT_PREPARE].includes(pending[4]!);
  return isStatement ? { length, read: textOfCommand } : { length };
};

/** MySQL sends the number of parameters before the text if query attributes are enabled. */
function textOfCommand(message: Buffer): string {
  let start = 5;
  while (message[start]! <= 1) start++;
  return message.toString('utf8', start);
}
