import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection, readAnswer } from '../../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../../helpers/server.ts';
import { documentOf, sumVectors } from '../../helpers/sum-vectors.ts';

const LINES = 'application/x-ndjson';
const SEQUENCE = 'application/json-seq';
const answerOf = (sum: string) => ({ sha256: hash('sha256', sum) });
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A cut between any two bytes falls into a number, a name, an escape, a character, CRLF or a blank line. */
const SMALL = '{"é\\u00e9":1.5e1}\r\n\r\n [2, -0.25]\n"a\\"1"\n\t\n7';
const SMALL_SUM = '23.75';

describe.each(['0', '2'])('with SUM_THREADS=%s', (threads) => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await startServer({
      SUM_THREADS: threads,
      BODY_IDLE_TIMEOUT: '0.5',
      BODY_MIN_RATE: '5',
      SUM_MAX_BYTES: '5000000',
    });
    token = await guestToken(server);
  });
  afterAll(() => server.close());

  async function post(type: string, body: string | Buffer | ReadableStream, headers = {}) {
    const authorization = `Bearer ${token}`;
    const response = await fetch(`${server.url}/sum`, {
      method: 'POST',
      headers: { authorization, 'content-type': type, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** Opens an upload of which the header has been sent. */
  async function openUpload(type: string, line: string, url = server.url) {
    const socket = await openConnection(url);
    const head = [
      'POST /sum HTTP/1.1',
      'host: x',
      `authorization: Bearer ${token}`,
      `content-type: ${type}`,
      'connection: close',
      line,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    return socket;
  }

  it.each([
    'application/x-ndjson',
    'application/jsonl',
    'application/jsonlines',
    'Application/JSONL; charset=utf-8',
  ])('reads %s as JSON Lines', async (type) => {
    const lines = '\ufeff{"a":1}\n\n{"a":2}\r\n   \n[0.5]';
    expect(await post(type, lines)).toMatchObject({ status: 200, body: answerOf('3.5') });
    expect(await post(type, '')).toMatchObject({ status: 200, body: answerOf('0') });
  });

  it('advises the media type of JSON Lines where a document is followed by another', async () => {
    const { body } = await post('application/json', '{"a":1}\n{"a":2}\n');
    expect(body).toMatchObject({
      detail:
        'At byte 8: unexpected byte 0x7B ({), expected the end of the document. JSON Lines need the Content-Type application/x-ndjson.',
    });
  });

  it('reads application/json-seq as a sequence of RFC 7464', async () => {
    const sequence = '\x1e{"a":\n1}\n\x1e\x1e2\n\x1e[3]';
    expect(await post(SEQUENCE, sequence)).toMatchObject({ status: 200, body: answerOf('6') });
    expect(await post(SEQUENCE, '')).toMatchObject({ status: 200, body: answerOf('0') });
  });

  it.each([
    ['application/json', '{"a":1}\n{"a":2}', 'At byte 8: unexpected byte 0x7B ({)'],
    [LINES, '{"a":1}\n{"a":2\n}', 'At line 2, byte 14: unexpected byte 0x0A'],
    [LINES, '1\r\n\r\n\n2 3', 'At line 4, byte 8: unexpected byte 0x33 (3)'],
    [LINES, '[1]\n[2', 'At line 2, byte 6: unexpected end'],
    [SEQUENCE, '\x1e[1]\n\x1e{"a" 1}', 'At record 2, byte 11: unexpected byte 0x31 (1)'],
    [SEQUENCE, '\x1e1\n\x1e2', 'At record 2, byte 5: unexpected end'],
    [SEQUENCE, '[1]', 'byte 0: unexpected byte 0x5B ([)'],
  ])('says where %s is malformed: %j', async (type, document, detail) => {
    expect(await post(type, document)).toMatchObject({
      status: 400,
      body: { code: 'malformed_json', detail: expect.stringContaining(detail) },
    });
  });

  it('names the line of a limit', async () => {
    expect(await post(LINES, '1\n[1e10001]\n')).toMatchObject({
      status: 422,
      body: { code: 'number_out_of_range', detail: expect.stringMatching(/^At line 2, byte 3: /) },
    });
  });

  it.each(['text/plain', 'application/ndjson', 'application/jsonlx', 'application/json-seqs'])(
    'refuses %s, and names what it accepts',
    async (type) => {
      const { status, headers, body } = await post(type, '1\n2');
      expect(status).toBe(415);
      const accepted =
        'application/json, application/x-ndjson, application/jsonl, application/jsonlines, application/json-seq';
      expect(headers.get('accept')).toBe(accepted);
      expect(body).toMatchObject({ code: 'unsupported_media_type' });
      expect((body as { detail: string }).detail).toContain(accepted);
    },
  );

  it('has in its specification each media type, with an example that it sums', async () => {
    const { paths } = server.app.swagger() as unknown as {
      paths: Record<string, { post: { requestBody: { content: Record<string, Media> } } }>;
    };
    interface Media {
      example?: unknown;
      examples?: Record<string, { value: unknown }>;
    }
    const { content } = paths['/sum']!.post.requestBody;
    expect(Object.keys(content)).toHaveLength(5);
    for (const [type, { example, examples = { only: { value: example } } }] of Object.entries(
      content,
    )) {
      for (const { value } of Object.values(examples)) {
        const document = typeof value === 'string' ? value : JSON.stringify(value);
        expect(await post(type, document), type).toMatchObject({ status: 200 });
      }
    }
  });

  it('sums lines that are cut at any byte', async () => {
    const bytes = Buffer.from(SMALL);
    // A busy machine may stall uploads for longer than the other server allows; both have the same keys.
    const patient = await serverForTest({
      SUM_THREADS: threads,
      SIGNING_KEYS: await readFile(join(server.config.dataDir, 'signing-keys.json'), 'utf8'),
      PUBLIC_URL: server.config.http.publicUrl,
    });
    const answers = Array.from({ length: bytes.length - 1 }, async (_, index) => {
      const socket = await openUpload(LINES, 'transfer-encoding: chunked', patient.url);
      for (const piece of [bytes.subarray(0, index + 1), bytes.subarray(index + 1)]) {
        const chunk = [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')];
        socket.write(Buffer.concat(chunk));
        await pause(10);
      }
      socket.write('0\r\n\r\n');
      return JSON.parse((await readAnswer(socket)).body);
    });
    for (const answer of await Promise.all(answers)) expect(answer).toEqual(answerOf(SMALL_SUM));
  });

  it('sums lines that arrive slowly, and cuts off those that stall', async () => {
    const slow = await openUpload(LINES, `content-length: ${Buffer.byteLength(SMALL)}`);
    for (const line of SMALL.split(/(?<=\n)/)) {
      slow.write(line);
      await pause(150);
    }
    expect(JSON.parse((await readAnswer(slow)).body)).toEqual(answerOf(SMALL_SUM));
    const stalled = await openUpload(LINES, 'content-length: 1000');
    stalled.write(SMALL);
    expect((await readAnswer(stalled)).status).toBe(408);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', (text: string) => brotliCompressSync(text, FAST)],
    ['zstd', zstdCompressSync],
  ])('sums lines and sequences in %s', async (coding, encode) => {
    const values = Array.from({ length: 50_000 }, (_, index) => `{"n":${index},"t":"\\n"}`);
    const digest = answerOf(`${(50_000 * 49_999) / 2}`);
    const headers = { 'content-encoding': coding };
    const lines = encode(values.join('\r\n'));
    expect(await post(LINES, lines, headers)).toMatchObject({ body: digest });
    const sequence = encode(values.map((value) => `\x1e${value}\n`).join(''));
    expect(await post(SEQUENCE, sequence, headers)).toMatchObject({ body: digest });
    const broken = encode(`${values.join('\n')}\n]`);
    expect(await post(LINES, broken, headers)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('At line 50001, byte ') },
    });
  });

  it('sums large lines of known and unknown length, and names the line of a late fault', async () => {
    const lines = '{"price":0.25,"name":"\\n"}\n'.repeat(160_000);
    for (const body of [lines, new Blob([lines]).stream()]) {
      expect(await post(LINES, body)).toMatchObject({ status: 200, body: answerOf('40000') });
    }
    for (const body of [`${lines}{`, new Blob([`${lines}{`]).stream()]) {
      const detail = `At line 160001, byte ${lines.length + 1}: unexpected end`;
      expect(await post(LINES, body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining(detail) },
      });
    }
    expect(await post(LINES, `${lines}${lines}`)).toMatchObject({
      status: 413,
      body: { code: 'document_too_large' },
    });
  });

  describe('the published vectors of one document', () => {
    const plain = sumVectors.cases.filter(
      ({ format = 'json', limits, error }) =>
        format === 'json' && !limits && error?.code !== 'too_many_paths',
    );

    it('hold for the server, and for each as the second line of two', async () => {
      expect(plain.length).toBeGreaterThan(60);
      for (const vector of plain) {
        const document = documentOf(vector);
        const { status, body } = await post('application/json', document);
        const { answer, error, name } = vector;
        if (error) {
          expect({ status: status >= 400, body }, name).toMatchObject({
            status: true,
            body: {
              code: error.code,
              detail: expect.stringMatching(new RegExp(`^At byte ${error.offset}: `)),
            },
          });
        } else expect(body, name).toEqual(answerOf(answer!.sum));
        // A byte-order mark may stand at the start only, and a line feed ends a value.
        if (document[0] === 0xef || document.includes('\n')) continue;
        const lines = Buffer.concat([Buffer.from('0\n'), document, Buffer.from('\n0')]);
        const asLine = await post(LINES, lines);
        const isBlank = document.toString().trim() === '';
        if (error && !isBlank) {
          const detail = expect.stringMatching(/^At line [23], byte /);
          expect(asLine, name).toMatchObject({ status, body: { code: error.code, detail } });
        } else expect(asLine.body, name).toEqual(answerOf(answer?.sum ?? '0'));
      }
    }, 60_000);
  });
});
