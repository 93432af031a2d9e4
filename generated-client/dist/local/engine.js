import { createArenas } from '../generated/engine/arena.js';
import { COMPILED } from '../generated/engine/compiled.js';
import { createEngine } from '../generated/engine/index.js';
import { DEFAULT_LIMITS } from '../generated/engine/limits.js';
import { compileScanner } from '../generated/engine/scanner.js';
import { decodeBase64 } from './base64.js';
let compiled;
let shared;
/** Returns the compiled module, which is the same for all limits. */
export function compiledScanner() {
    compiled ??= compileScanner(decodeBase64(COMPILED));
    return compiled;
}
/** Returns an engine with these limits: the shared one for the default, or a new one. */
export function engineFor(limits) {
    const create = () => createEngine(createArenas(compiledScanner(), limits));
    if (limits !== DEFAULT_LIMITS)
        return create();
    shared ??= create();
    return shared;
}
