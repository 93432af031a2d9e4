import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { mediaTypeOf } from '../helpers/conformance.ts';
import { fixture } from '../helpers/images.ts';
import type { GeneratedRequest } from './generator.ts';
import { judge, operations } from './spec.ts';
import type { Finding, Target } from './target.ts';
import type { World } from './world.ts';

/** Longest time for an answer, in milliseconds; the machine may be busy. */
const PATIENCE = 30_000;
const BOUNDARY = 'a-boundary-of-the-fuzzer';
const byId = new Map(operations.map((operation) => [operation.id, operation]));

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Ids of what the server has, by kind. */
export type Things = Record<string, string[]>;

export type Fuzzer = Awaited<ReturnType<typeof createFuzzer>>;

/** Sends generated requests to one server, and remembers what they make. */
export async function createFuzzer(target: Target, world: World) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const link = await world.link();
  const things: Things = {
    account: [(await world.person()).id],
    session: [],
    product: [(await world.product()).id, (await world.product()).id],
    promotion: [(await world.promotion()).id],
    order: [(await world.order()).id],
    image: [link.image],
    link: [link.id],
    linktoken: [link.token],
    tier: [(await world.tier()).name, 'basic'],
  };

  /** References become ids. */
  const resolve = (text: string) =>
    text.replace(/@([a-z]+):(\d+)(!?)/g, (_, kind: string, index: string, loud: string) => {
      const known = things[kind] ?? [];
      const id = known[Number(index) % known.length] ?? '01900000-0000-7000-8000-000000000000';
      return loud ? id.toUpperCase() : id;
    });

  async function send(generated: GeneratedRequest): Promise<Answer> {
    const operation = byId.get(generated.operation)!;
    const token = world.tokens[generated.sender];
    const body = generated.form
      ? formOf(generated.form)
      : generated.body === undefined
        ? undefined
        : Buffer.from(resolve(generated.body), 'latin1');
    const type = generated.form ? `multipart/form-data; boundary=${BOUNDARY}` : 'application/json';
    return exchange(agent, target.url + resolve(generated.target), operation.method, body, {
      ...(body && { 'content-type': type }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...generated.headers,
    });
  }

  return {
    things,
    resolve,
    close: () => agent.destroy(),
    send,
    /** Remembers what a success has made. */
    learn({ operation }: GeneratedRequest, { status, body }: Answer) {
      const kind = MAKERS[operation];
      if (status !== 201 || !kind) return;
      const { id, name } = JSON.parse(body.toString());
      things[kind]!.push(kind === 'tier' ? name : id);
    },
    /** Sends a request, and returns what is wrong with its answer. */
    async probe(generated: GeneratedRequest): Promise<Finding[]> {
      const answer = await send(generated).catch((error: Error) => error);
      if (answer instanceof Error) return [describe(generated, `no answer: ${answer.message}`)];
      this.learn(generated, answer);
      return faultsOf(generated, answer).map((fault) =>
        describe(generated, `${fault}${logOf(target, answer)}`),
      );
    },
  };
}

const MAKERS: Record<string, string> = {
  createProduct: 'product',
  createPromotion: 'promotion',
  placeOrder: 'order',
  uploadImage: 'image',
  createTier: 'tier',
  registerAccount: 'account',
};

/** Checks the rules that every answer must fulfil. */
function faultsOf({ operation, target }: GeneratedRequest, { status, headers, body }: Answer) {
  const faults: string[] = [];
  const mediaType = mediaTypeOf(headers['content-type']);
  const isJson = mediaType.endsWith('json');
  if (status >= 500 && !(status === 503 && headers['retry-after'])) faults.push(`status ${status}`);
  if (status >= 400 && mediaType !== 'application/problem+json') faults.push(`type ${mediaType}`);
  if (!headers['x-request-id']) faults.push('no X-Request-Id');
  if (status >= 400 && !/no-store/.test(headers['cache-control'] ?? 'no-store')) {
    faults.push(`an error with Cache-Control: ${headers['cache-control']}`);
  }
  const { method, path } = byId.get(operation)!;
  // What does not lead to the route is not the route's answer.
  const hasRoute = target.split('?')[0]!.split('/').length === path.split('/').length;
  const payload = isJson ? body.toString() : undefined;
  const violation = hasRoute && judge({ method, path, status, mediaType, payload });
  if (violation) faults.push(`not in the specification: ${violation}`);
  return faults;
}

function describe(generated: GeneratedRequest, fault: string): Finding {
  const shown = JSON.stringify(generated);
  return `${fault} <- ${shown.length > 1500 ? `${shown.slice(0, 1500)}…` : shown}`;
}

/** Returns the log of an internal error. */
function logOf({ output }: Target, { status, headers }: Answer): string {
  if (status < 500) return '';
  const id = String(headers['x-request-id']);
  const line = output.stdout
    .split('\n')
    .find((text) => text.includes(id) && /"level":[56]0/.test(text));
  const { err } = line ? JSON.parse(line) : { err: undefined };
  return err ? ` (${err.message})` : '';
}

function formOf(fields: Record<string, string>): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const isFile = name === 'image';
    const file = isFile ? '; filename="a.png"\r\nContent-Type: image/png' : '';
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), isFile ? fixture(value) : Buffer.from(value), Buffer.from('\r\n')];
  });
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function exchange(
  agent: Agent,
  url: string,
  method: string,
  body: Buffer | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    };
    // The path goes as it is: a URL object would mend it.
    const path = url.slice(origin.length);
    const length = body ? { 'content-length': String(body.length) } : {};
    const sent = request(
      { agent, hostname, port, path, method, headers: { ...length, ...headers } },
      read,
    );
    sent.setTimeout(PATIENCE, () => sent.destroy(new Error(`silence for ${PATIENCE} ms`)));
    sent.on('error', reject).end(body);
  });
}
