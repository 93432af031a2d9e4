export type FaultCode = 'malformed_json' | 'too_deep' | 'number_out_of_range';

/** A document that was refused: for `code`, and at `offset` of its bytes, any byte-order mark counted. */
export class DocumentFault extends Error {
  override readonly name = 'DocumentFault';
  readonly code: FaultCode;
  /**
   * From 0. `malformed_json`: the first byte that no document can have there, or the length of one that
   * ends too early. `too_deep`: the bracket too many. `number_out_of_range`: the number's first byte.
   */
  readonly offset: number;

  constructor(code: FaultCode, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** What the scanner found, in the numbers of `assembly/faults.ts` and `assembly/phases.ts`. */
export interface Finding {
  reason: number;
  phase: number;
  byte: number;
  /** What the fault stands in: 0 nothing, 1 an array, 2 an object. */
  bracket: number;
  offset: number;
}

type Wording = (finding: Finding) => [FaultCode, string];

/** By reason, from 1. */
const wordings: Wording[] = [
  (finding) => [
    'malformed_json',
    `unexpected byte ${spell(finding.byte)}, expected ${expected(finding)}`,
  ],
  (finding) => ['malformed_json', `unexpected end of the document, expected ${expected(finding)}`],
  (finding) => ['malformed_json', `control character ${spell(finding.byte)} in a string`],
  (finding) => ['malformed_json', `invalid escape in a string: ${spell(finding.byte)}`],
  (finding) => ['malformed_json', `invalid UTF-8 in a string: ${spell(finding.byte)}`],
  () => ['too_deep', 'too many brackets are open'],
  () => ['number_out_of_range', 'the number has too many digits'],
  () => ['number_out_of_range', "the number's exponent is too large"],
];

/** By phase. Where a value is complete (null), it depends on the bracket around. */
const expectations: (string | null)[] = [
  'a value',
  "a value or ']'",
  "a name in quotes or '}'",
  'a name in quotes',
  "':'",
  null,
  'the end of the string',
  'the rest of a character',
  'the rest of an escape',
  'a hexadecimal digit',
  'a digit',
  null,
  null,
  'a digit',
  null,
  "a digit, '+' or '-'",
  'a digit',
  null,
  "'true', 'false' or 'null'",
  'a value',
  'the rest of a byte-order mark',
  'the rest of a byte-order mark',
];

const separators = ['the end of the document', "',' or ']'", "',' or '}'"];

function expected(finding: Finding): string {
  return expectations[finding.phase] ?? separators[finding.bracket] ?? 'nothing';
}

function spell(byte: number): string {
  const hex = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return byte > 0x20 && byte < 0x7f ? `${hex} (${String.fromCharCode(byte)})` : hex;
}

export function createFault(finding: Finding): DocumentFault {
  const wording = wordings[finding.reason - 1];
  if (!wording) throw new Error(`the scanner gave the unknown reason ${finding.reason}`);
  const [code, message] = wording(finding);
  return new DocumentFault(code, finding.offset, message);
}
