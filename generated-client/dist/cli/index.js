#!/usr/bin/env node
/**
 * The command `tally`.
 * @module
 */
import { EXIT_FAILURE, Failure, printFailure } from './failure.js';
import { createProgram } from './program.js';
/** Exit status of a program whose reader has gone, as if SIGPIPE had ended it. */
const EXIT_BROKEN_PIPE = 141;
process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE')
        process.exit(EXIT_BROKEN_PIPE);
    printFailure(new Failure(`the output cannot be written (${error.message})`));
    process.exit(EXIT_FAILURE);
});
// There is nobody left to tell.
process.stderr.on('error', () => undefined);
try {
    await createProgram().parseAsync();
}
catch (error) {
    printFailure(error);
    process.exitCode = EXIT_FAILURE;
    // A pipe that nobody reads any longer would keep the process alive until its other end is closed.
    // Files have no `unref`, and need none.
    process.stdin.unref?.();
}
