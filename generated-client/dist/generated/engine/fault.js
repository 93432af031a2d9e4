/** A document that has no sum, because it was refused or, to free memory for others, given up. */
export class DocumentFault extends Error {
    name = 'DocumentFault';
    code;
    /**
     * Index of a byte of the document, any byte-order mark counted. `malformed_json`: the first byte that no
     * document can have there, or the length of one that ends too early. `too_deep`: the bracket too many.
     * `number_out_of_range`: the number's first byte. `too_many_paths`: the first byte of the number whose path is one too
     * many, which is found before the rest of the number is read; or the end of the document, if its sums are too long. `too_large`: the byte too many. `memory_exhausted`: the next one.
     */
    offset;
    /** In JSON Lines the number of the line, in a sequence that of the record, both from 1. */
    line;
    constructor(code, offset, message, line) {
        super(message);
        this.code = code;
        this.offset = offset;
        this.line = line;
    }
}
/** Codes and texts of the reasons for a refusal, by their names in `assembly/reasons.ts`. */
const REASONS = {
    UNEXPECTED_BYTE: ['malformed_json', 'unexpected byte {byte}, expected {expected}'],
    UNEXPECTED_END: ['malformed_json', 'unexpected end of the document, expected {expected}'],
    CONTROL_CHARACTER: ['malformed_json', 'control character {byte} in a string'],
    INVALID_ESCAPE: ['malformed_json', 'invalid escape in a string: {byte}'],
    INVALID_UTF8: ['malformed_json', 'invalid UTF-8 in a string: {byte}'],
    TOO_DEEP: ['too_deep', 'too many brackets are open'],
    TOO_MANY_DIGITS: ['number_out_of_range', 'the number has too many digits'],
    EXPONENT_TOO_LARGE: ['number_out_of_range', "the number's exponent is too large"],
    TOO_MANY_PATHS: ['too_many_paths', 'the numbers stand in too many places'],
};
/** Texts of the bytes that phases of the automaton expect, by their names in `assembly/phases.ts`. */
const EXPECTATIONS = {
    VALUE: 'a value',
    ELEMENT_OR_CLOSE: "a value or ']'",
    NAME_OR_CLOSE: "a name in quotes or '}'",
    NAME: 'a name in quotes',
    AFTER_NAME: "':'",
    STRING: 'the end of the string',
    CONTINUATION: 'the rest of a character',
    ESCAPE: 'the rest of an escape',
    HEX: 'a hexadecimal digit',
    FIRST_DIGIT: 'a digit',
    POINT: 'a digit',
    EXPONENT_MARK: "a digit, '+' or '-'",
    EXPONENT_SIGN: 'a digit',
    WORD: "'true', 'false' or 'null'",
    AFTER_SCALAR: 'white space',
    START: 'a value',
    ORDER_MARK_1: 'the rest of a byte-order mark',
    ORDER_MARK_2: 'the rest of a byte-order mark',
    // A value is complete, and `SEPARATORS` may follow.
    AFTER_VALUE: undefined,
    ZERO: undefined,
    INTEGER: undefined,
    FRACTION_DIGITS: undefined,
    EXPONENT_DIGITS: undefined,
};
/** Texts of the bytes that may follow a value, by the bracket around it. */
const SEPARATORS = [
    'the end of the document',
    "',' or ']'",
    "',' or '}'",
    'the end of the line',
    'a record separator (0x1E)',
];
/**
 * Returns a function that words the findings of a scanner, given the exports of its module: the names and numbers
 * of reasons and phases are its globals.
 *
 * @throws if these names are not the ones of the tables here, as in a module that was built from other sources.
 */
export function createFaultReader(exported) {
    const numbers = new Map();
    for (const [name, { value }] of Object.entries(exported)) {
        if (typeof value === 'number')
            numbers.set(name, value);
    }
    const named = Object.keys({ ...REASONS, ...EXPECTATIONS });
    const missing = named.filter((name) => !numbers.has(name));
    const unnamed = [...numbers.keys()].filter((name) => !named.includes(name));
    if (missing.length + unnamed.length > 0) {
        const names = [...missing, ...unnamed].join(', ');
        throw new Error(`engine.wasm and fault.ts differ in ${names}: run scripts/lib/build-engine`);
    }
    const byNumber = (table) => new Map(Object.entries(table).map(([name, entry]) => [numbers.get(name), entry]));
    const reasons = byNumber(REASONS);
    const expectations = byNumber(EXPECTATIONS);
    return ({ reason, phase, byte, bracket, offset, separators }, format) => {
        const [code, text] = reasons.get(reason);
        const expected = expectations.get(phase) ?? SEPARATORS[bracket];
        const message = text.replace('{byte}', spellByte(byte)).replace('{expected}', expected);
        return new DocumentFault(code, offset, message, lineOf(format, separators));
    };
}
function lineOf(format, separators) {
    if (format === 'json')
        return undefined;
    return format === 'lines' ? separators + 1 : Math.max(separators, 1);
}
function spellByte(byte) {
    const hex = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return byte > 0x20 && byte < 0x7f ? `${hex} (${String.fromCharCode(byte)})` : hex;
}
