import { beginLog, undoLog } from './brackets';
import { bytewise } from './bytewise';
import { ESCAPED, enterBlocks, HIGH, IN_SCALAR, IN_STRING, leaveBlocks, restoreCarry, saveCarry } from './carry';
import { PHASE } from './document';
import { badEscape, beginEscapes } from './escapes';
import { checkBlocks, STARTS } from './grammar';
import { markBlocks, RUN_BLOCKS } from './masks';
import { isScalarByte, number, word } from './numbers';
import { VALUE } from './phases';
import { sequenceStart } from './utf8';

/** Bytes behind a run that its scan reads: the digits of an escape. */
const LOOKAHEAD_BYTES: usize = 8;

/** The end of the last number or word that was read. */
let lastEnd: usize = 0;

/**
 * Reads the numbers and words whose starts are listed up to `listEnd`. Returns the place in the list
 * of the first that is not well-formed, or `listEnd`.
 */
function readScalars(document: usize, listEnd: usize): usize {
  let item = STARTS;
  for (; item < listEnd; item += 4) {
    const start = load<u32>(item);
    const first: u32 = load<u8>(start);
    // From `-` to `9`, and two that `number` refuses, in one comparison: signs come at random.
    const end = first - 0x2d < 13 ? number(document, start) : word(start);
    if (!end) break;
    lastEnd = end;
  }
  return item;
}

/** Returns true if the number or word at `at` reaches `end`. */
function isCutOff(at: usize, end: usize): bool {
  while (at < end && isScalarByte(load<u8>(at))) at++;
  return at == end;
}

/** Leaves the blocks at `at`. Returns the address from which the automaton must go on. */
function leaveAt(document: usize, at: usize, scalarEnd: usize): usize {
  leaveBlocks(document);
  if (load<u64>(IN_STRING)) return load<u64>(HIGH) && !load<u64>(ESCAPED) ? sequenceStart(at) : at;
  return load<u64>(IN_SCALAR) ? scalarEnd : at;
}

/** Lets the automaton find the fault of a refused run: the document's sum no longer matters. */
function refuseRun(document: usize, at: usize, end: usize, scalarEnd: usize): usize {
  restoreCarry();
  undoLog(document);
  at = leaveAt(document, at, scalarEnd);
  if (bytewise(document, at, end, false)) unreachable();
  return 0;
}

/**
 * Scans whole blocks from `at`, where the phase is clean, and leaves the rest, some ends of tokens
 * included, to the automaton. Returns the address from which that must go on, or 0 after a fault.
 */
export function scanBlocks(document: usize, at: usize, end: usize): usize {
  if (at + 64 + LOOKAHEAD_BYTES > end) return at;
  enterBlocks(document);
  lastEnd = at;
  while (at + 64 + LOOKAHEAD_BYTES <= end) {
    const blocks = min<u32>(RUN_BLOCKS, u32(end - at - LOOKAHEAD_BYTES) >> 6);
    const scalarEnd = lastEnd;
    saveCarry();
    beginLog();
    beginEscapes();
    if (!markBlocks(at, blocks) || badEscape) return refuseRun(document, at, end, scalarEnd);
    const listEnd = checkBlocks(document, at, blocks);
    if (!listEnd) return refuseRun(document, at, end, scalarEnd);
    const item = readScalars(document, listEnd);
    if (item != listEnd) {
      const start = load<u32>(item);
      if (!isCutOff(start, end)) return refuseRun(document, at, end, scalarEnd);
      // Nothing stands behind it, so the brackets are as they are at its start.
      leaveBlocks(document);
      store<u32>(document, VALUE, PHASE);
      return start;
    }
    at += usize(blocks) << 6;
  }
  return leaveAt(document, at, lastEnd);
}
