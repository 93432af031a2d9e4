import { type Engine } from '../generated/engine/index.js';
import { type EngineLimits } from '../generated/engine/limits.js';
import { type CompiledScanner } from '../generated/engine/scanner.js';
/** Returns the compiled module, which is the same for all limits. */
export declare function compiledScanner(): CompiledScanner;
/** Returns an engine with these limits: the shared one for the default, or a new one. */
export declare function engineFor(limits: EngineLimits): Engine;
