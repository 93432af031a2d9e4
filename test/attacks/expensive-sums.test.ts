import { describe, expect, it } from 'vitest';
import { processorTimeOf } from '../helpers/process-usage.ts';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../helpers/server.ts';
import { type ExpensiveSum, expensiveSums } from './expensive-sums.ts';

const MB = 1_000_000;
/** Least processor time that counts, in milliseconds: the clock of processes ticks every 10. */
const LEAST = 60;

describe('a document that is made to be expensive', () => {
  it('costs no more than its budget, whatever it is', async () => {
    const server = await serverProcessForTest({ LOG_LEVEL: 'warn' });
    const token = await guestToken(server);

    async function send({ query = '', headers }: ExpensiveSum, body: Buffer): Promise<number> {
      const before = processorTimeOf(server);
      const socket = await openConnection(server.url);
      const length = headers.some((line) => line.startsWith('transfer-encoding'));
      const lines = [...headers, ...(length ? [] : [`content-length: ${body.length}`])];
      socket.on('error', () => undefined);
      socket.write(
        `POST /sum${query} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token}\r\n${lines.join('\r\n')}\r\n\r\n`,
      );
      socket.write(body);
      expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 [24]\d\d /);
      return processorTimeOf(server) - before;
    }

    async function cost(input: ExpensiveSum, bytes: number): Promise<number> {
      const sent = input.body(bytes);
      return (await send(input, sent)) / (sent.length / MB);
    }

    const [plain, ...others] = expensiveSums as [ExpensiveSum, ...ExpensiveSum[]];
    await cost(plain, 32 * MB);
    const unit = await cost(plain, 64 * MB);
    const overruns: string[] = [];
    for (const input of others) {
      const sent = input.body(2 * MB);
      const time = await send(input, sent);
      const allowed = Math.max(LEAST, input.budget * unit * (sent.length / MB));
      if (process.env.SHOW)
        console.log(
          input.name,
          (time / (sent.length / MB) / unit).toFixed(1),
          'x of',
          input.budget,
          `${time} ms, ${sent.length} bytes`,
        );
      if (time > allowed) overruns.push(`${input.name}: ${time} of ${Math.round(allowed)} ms`);
    }
    if (process.env.SHOW) console.log('unit', unit);
    expect(overruns).toEqual([]);
  }, 120_000);
});
