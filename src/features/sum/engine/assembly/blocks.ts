import { beginLog, undoLog } from './brackets';
import { bytewise } from './bytewise';
import {
  ESCAPED, enterBlocks, HIGH, IN_SCALAR, IN_STRING, leaveBlocks, restoreCarry, saveCarry, savedPhase,
} from './carry';
import { IN_NAME, PATHS, PHASE, SUM } from './document';
import { badEscape, beginEscapes } from './escapes';
import { refuseByte } from './faults';
import { countSeparators, countSeparatorsIn, separator } from './format';
import { checkBlocks, checkForWalk, DENSE, STARTS } from './grammar';
import { markBlocks, RUN_BLOCKS, separatorsOfRun } from './masks';
import { isScalarByte } from './numbers';
import { addToName, beginName, setTarget, settleName } from './paths';
import { AFTER_NAME, ELEMENT_OR_CLOSE, ESCAPE, STRING, VALUE } from './phases';
import { TOO_MANY_PATHS } from './reasons';
import { lastEnd, readScalars, setLastEnd } from './scalars';
import { pop, push } from './stack';
import { sequenceStart } from './utf8';
import { beginWalk, pendingName, tooManyPaths, walk } from './walk';

/** Bytes behind a run that its scan reads: the digits of an escape. */
const LOOKAHEAD_BYTES: usize = 8;

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

/** Returns the phase before the number or word at `start`, in the run from `at`. */
function phaseBefore(at: usize, start: usize): u32 {
  for (let before = start - 1; before >= at; before--) {
    const byte: u32 = load<u8>(before);
    if (byte > 0x20 || byte == separator) return byte == 0x5b ? ELEMENT_OR_CLOSE : VALUE;
  }
  return savedPhase;
}

/** Leaves the number or word at `start`, behind which nothing stands, to the automaton. Returns `start`. */
function leaveScalar(document: usize, at: usize, start: usize): usize {
  leaveBlocks(document);
  store<u32>(document, phaseBefore(at, start), PHASE);
  return start;
}

/** Keeps the name that was read last, if the automaton needs it from `at` on. Returns `at`. */
function leaveName(document: usize, at: usize, end: usize): usize {
  const paths = load<usize>(document, PATHS);
  if (!paths || !pendingName) return at;
  const phase = load<u32>(document, PHASE);
  if (phase == AFTER_NAME || phase == VALUE) setTarget(paths, pendingName, end);
  else if (load<u32>(document, IN_NAME) && (phase == STRING || phase == ESCAPE)) {
    beginName(paths);
    addToName(paths, pendingName, at);
  }
  return at;
}

/** Lets the automaton find the fault of a refused run: the document's sum no longer matters. */
function refuseRun(document: usize, at: usize, end: usize, scalarEnd: usize): usize {
  restoreCarry();
  undoLog(document);
  at = leaveName(document, leaveAt(document, at, scalarEnd), end);
  if (bytewise(document, at, end, false)) unreachable();
  return 0;
}

/** Refuses the number or word at `start`, up to which the run from `at` was walked. */
function refuseWalk(document: usize, at: usize, listEnd: usize, start: usize, end: usize): usize {
  restoreCarry();
  undoLog(document);
  leaveBlocks(document);
  for (let item = STARTS; item < listEnd; item += 4) {
    const entry = load<u32>(item);
    if (usize(entry & ~DENSE) >= start) break;
    if (!(entry & DENSE)) replayBracket(document, load<u8>(entry));
  }
  store<u32>(document, phaseBefore(at, start), PHASE);
  countSeparatorsIn(document, at, start);
  if (tooManyPaths) return refuseByte(document, start, TOO_MANY_PATHS);
  leaveName(document, start, end);
  if (bytewise(document, start, end, false)) unreachable();
  return 0;
}

function replayBracket(document: usize, byte: u32): void {
  const lower = byte | 0x20;
  // 5B [, 5D ], 7B {, 7D }: bit 5 tells the kind.
  if (lower == 0x7b) push(document, u64((byte >> 5) & 1));
  else if (lower == 0x7d) pop(document);
}

/** Reads or walks the tokens of a run up to `listEnd`. Returns the start of the first number or word not read, or 0. */
function readRun(document: usize, at: usize, listEnd: usize, end: usize): usize {
  if (load<usize>(document, PATHS)) return walk(document, at, listEnd, end);
  const item = readScalars(document + SUM, listEnd);
  return item == listEnd ? 0 : load<u32>(item);
}

/**
 * Scans whole blocks from `at`, where the phase is clean and not within a name of a document with paths, and leaves the
 * rest, some ends of tokens included, to the automaton. Returns the address from which that must go on, or 0 after a
 * fault.
 */
export function scanBlocks(document: usize, at: usize, end: usize): usize {
  if (at + 64 + LOOKAHEAD_BYTES > end) return at;
  const paths = load<usize>(document, PATHS);
  if (paths) settleName(paths);
  beginWalk(at);
  enterBlocks(document);
  setLastEnd(at);
  while (at + 64 + LOOKAHEAD_BYTES <= end) {
    const blocks = min<u32>(RUN_BLOCKS, u32(end - at - LOOKAHEAD_BYTES) >> 6);
    const scalarEnd = lastEnd;
    saveCarry();
    beginLog();
    beginEscapes();
    if (!markBlocks(at, blocks) || badEscape) return refuseRun(document, at, end, scalarEnd);
    const listEnd = paths ? checkForWalk(document, at, blocks) : checkBlocks(document, at, blocks);
    if (!listEnd) return refuseRun(document, at, end, scalarEnd);
    const unread = readRun(document, at, listEnd, end);
    if (unread) {
      if (!tooManyPaths && isCutOff(unread, end)) {
        // Nothing stands behind it, so the brackets are as they are at its start.
        countSeparators(document, separatorsOfRun);
        return leaveName(document, leaveScalar(document, at, unread), end);
      }
      if (paths) return refuseWalk(document, at, listEnd, unread, end);
      return refuseRun(document, at, end, scalarEnd);
    }
    countSeparators(document, separatorsOfRun);
    at += usize(blocks) << 6;
  }
  return leaveName(document, leaveAt(document, at, lastEnd), end);
}
