import { readFileSync } from 'node:fs';
import { collectGarbageSoon } from '../../../memory.ts';
import { type Arenas, createArenas } from '../engine/arena.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import type { EngineLimits } from '../engine/limits.ts';
import { type CompiledScanner, compileScanner } from '../engine/scanner.ts';

/** Compiled once in a thread, on the first use. */
let compiled: CompiledScanner | undefined;

/** Creates the memory of an engine of this thread. */
export function createNodeArenas(limits: EngineLimits): Arenas {
  const file = new URL('../engine/engine.wasm', import.meta.url);
  compiled ??= compileScanner(readFileSync(file));
  return createArenas(compiled, limits, collectGarbageSoon);
}

/** Creates an engine with memory of its own for this thread. */
export function createNodeEngine(limits: EngineLimits): Engine {
  return createEngine(createNodeArenas(limits));
}
