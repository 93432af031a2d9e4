import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

interface Options {
  method?: string;
  /** The client's own address, of loopback. */
  from?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request from an address of loopback, which counts as a client of its own. */
export function sendFrom(
  url: string,
  { method = 'GET', from = '127.0.0.1', headers = {}, body }: Options = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, localAddress: from, headers, agent: false, family: 4 };
    request(url, options, async (response) => {
      const { statusCode = 0 } = response;
      resolve({ status: statusCode, headers: response.headers, body: await text(response) });
    })
      .once('error', reject)
      .end(body);
  });
}
