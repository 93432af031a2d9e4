import { tooLarge } from './answer-errors.js';
import type { ProgressListener } from './upload.js';

/** What is needed of the class of browsers, whose types not every program has that uses the package. */
interface HttpRequest {
  readonly upload: { onprogress: (event: { loaded: number; total: number }) => void };
  readonly status: number;
  readonly statusText: string;
  readonly response: ArrayBuffer | null;
  readonly responseURL: string;
  responseType: string;
  onprogress: (event: { loaded: number }) => void;
  onload: () => void;
  onloadend: () => void;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: unknown): void;
  abort(): void;
}

/** The listener threw, which is no fault of the connection. */
export class ListenerFailure {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

const { XMLHttpRequest } = globalThis as unknown as { XMLHttpRequest?: new () => HttpRequest };

/** Whether the runtime is a browser, in which only this tells how far an upload has come. */
export const hasXhr = XMLHttpRequest !== undefined;

/** A `fetch` that tells how far an upload has come. Unlike others, it has the cookies of its own origin. */
export function createXhrFetch(
  onProgress: ProgressListener,
  maxResponseBytes: number,
): typeof globalThis.fetch {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', headers, body, signal } = init;
      const request = new XMLHttpRequest!();
      const fail = (reason: unknown) => {
        reject(reason);
        request.abort();
      };
      const abort = () => fail(signal?.reason);
      if (signal?.aborted) return abort();
      request.open(method, String(url));
      request.responseType = 'arraybuffer';
      for (const [name, value] of headers as Headers) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => {
        try {
          onProgress({ loaded, total });
        } catch (reason) {
          fail(new ListenerFailure(reason));
        }
      };
      request.onprogress = ({ loaded }) => {
        if (loaded > maxResponseBytes) fail(tooLarge(toResponse(request), maxResponseBytes));
      };
      request.onload = () => {
        try {
          resolve(unlessRedirected(toResponse(request), String(url), request.responseURL));
        } catch (reason) {
          reject(reason);
        }
      };
      request.onloadend = () => {
        signal?.removeEventListener('abort', abort);
        // However it ended, if not with an answer.
        reject(new TypeError('The request failed.'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      request.send(body);
    });
}

function toResponse(request: HttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const { status, statusText } = request;
  const body = request.response?.byteLength ? request.response : null;
  return new Response(body, { status, statusText, headers });
}

/** It cannot be kept from following redirects. What comes from elsewhere counts as the redirect that it was. */
function unlessRedirected(response: Response, sentTo: string, answeredBy: string): Response {
  const isSame = new URL(sentTo).href === answeredBy;
  return isSame ? response : Response.redirect(answeredBy, 307);
}
