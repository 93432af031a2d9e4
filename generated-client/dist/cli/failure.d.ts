import type { DocumentFault } from '../local.js';
/** Exit status of a command that could not do all that it was asked. */
export declare const EXIT_FAILURE = 2;
/** An error that is explained to the user in one line, without a stack trace. */
export declare class Failure extends Error {
    readonly name = "Failure";
}
/** Does work on a file, and says in its errors which file they are about. */
export declare function about<T>(file: string, work: () => Promise<T>): Promise<T>;
/** Does work on an input as {@link about} does. In its errors, `-` is standard input. */
export declare function aboutInput<T>(path: string, work: () => Promise<T>): Promise<T>;
/** Names an input in messages. */
export declare function inputName(path: string): string;
/** Prints an error as one line on standard error. */
export declare function printFailure(error: unknown): void;
export declare function printWarning(text: string): void;
/** Words a fault of a document, with what the command can do about it. */
export declare function explainFault(fault: DocumentFault): Failure;
