import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Opens a bare connection, to send requests that no HTTP client would. */
export async function openConnection(url: string, from = '127.0.0.1'): Promise<Socket> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  await new Promise<void>((resolve, reject) =>
    socket.once('connect', resolve).once('error', reject),
  );
  return socket;
}

/** Reads until the other side closes. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('latin1')) text += chunk;
  return text;
}

/** Reads the answer of a connection that closes after it. An interim `100 Continue` is skipped. */
export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  return parseAnswer((await readToEnd(socket)).replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''));
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}

/** Sends the text of a request as it is, and reads the answer. */
export async function exchange(url: string, request: string): Promise<RawAnswer> {
  const socket = await openConnection(url);
  socket.write(request, 'latin1');
  return readAnswer(socket);
}
