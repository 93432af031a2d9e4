/** The answer that a smuggled request would get. */
export const SMUGGLED = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
export const SMUGGLED_ANSWER = '"status":"ok"';

const JSON_TYPE = 'content-type: application/json\r\n';
const post = (header: string, body: string) =>
  `POST /auth HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}${header}\r\n\r\n${body}`;
const chunked = (body: string) => post('transfer-encoding: chunked', body);

/** Requests of which it is not certain where they end: what follows must not be taken for another one. */
export const AMBIGUOUS: Record<string, string> = {
  'a length and chunks': post('content-length: 4\r\ntransfer-encoding: chunked', '0\r\n\r\n'),
  'chunks and a length': post('transfer-encoding: chunked\r\ncontent-length: 4', '0\r\n\r\n'),
  'two lengths': post('content-length: 2\r\ncontent-length: 0', '{}'),
  'a list of lengths': post('content-length: 2, 0', '{}'),
  'a length with a sign': post('content-length: +0', ''),
  'a length below zero': post('content-length: -1', ''),
  'a hexadecimal length': post('content-length: 0x0', ''),
  'a fraction of a length': post('content-length: 0.0', ''),
  'an exponent in a length': post('content-length: 0e1', ''),
  'an empty length': post('content-length: ', ''),
  'a length beyond all numbers': post('content-length: 99999999999999999999', ''),
  'an unknown coding': post('transfer-encoding: x', '0\r\n\r\n'),
  'chunks that are not the last coding': post('transfer-encoding: chunked, identity', '0\r\n\r\n'),
  'a coding that looks like chunks': post('transfer-encoding: xchunked', '0\r\n\r\n'),
  'two fields of codings': post('transfer-encoding: x\r\ntransfer-encoding: chunked', '0\r\n\r\n'),
  'a coding behind a vertical tab': post('transfer-encoding:\x0bchunked', '0\r\n\r\n'),
  'a folded field': post('transfer-encoding:\r\n chunked', '0\r\n\r\n'),
  'a field name with a blank': post('transfer-encoding : chunked', '0\r\n\r\n'),
  'a chunk size that is no number': chunked('zz\r\n{}\r\n0\r\n\r\n'),
  'a chunk size below zero': chunked('-2\r\n{}\r\n0\r\n\r\n'),
  'a chunk size with a prefix': chunked('0x2\r\n{}\r\n0\r\n\r\n'),
  'a chunk size that overflows': chunked('10000000000000002\r\n{}\r\n0\r\n\r\n'),
  'a chunk that is longer than its size': chunked('1\r\n{}\r\n0\r\n\r\n'),
  'a chunk without its end': chunked('2\r\n{}0\r\n\r\n'),
  'a bare LF behind a chunk extension': chunked('2;x\n{}\r\n0\r\n\r\n'),
  'NUL in a field': post('x: a\0b', ''),
  'NUL in a field name': post('x\0: a', ''),
  'a bare CR in a field': post('x: a\rcontent-length: 9', ''),
  'a field without a colon': post('nonsense', ''),
  'no host': `POST /auth HTTP/1.1\r\n${JSON_TYPE}content-length: 0\r\n\r\n`,
  'two hosts': post('host: y\r\ncontent-length: 0', ''),
  'NUL in the path': `GET /health\0/live HTTP/1.1\r\nhost: x\r\n\r\n`,
  'a path in bytes': `GET /h\xe9alth HTTP/1.1\r\nhost: x\r\n\r\n`,
  'another version': 'GET /health/ready HTTP/9.9\r\nhost: x\r\n\r\n',
  'no version': 'GET /health/ready\r\nhost: x\r\n\r\n',
  'an unknown method': 'GETT /health/ready HTTP/1.1\r\nhost: x\r\n\r\n',
  'a method in lower case': 'get /health/ready HTTP/1.1\r\nhost: x\r\n\r\n',
  'the greeting of TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'a header that is too large': `GET /health/ready HTTP/1.1\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`,
};
