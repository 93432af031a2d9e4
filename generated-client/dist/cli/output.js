import { digitsOf } from './key.js';
import { visible } from './text.js';
/** Prints a line about a result; resolves once more may be printed. */
export async function write(report, { json, text, name }) {
    if (json)
        return print(JSON.stringify(report));
    const value = text ? report.sum : digitsOf(report);
    await print(name === undefined ? value : `${value}  ${visible(name)}`);
}
/** Prints a line, and waits while the reader is slow. Errors end the program, in `index.ts`. */
export function print(line) {
    return new Promise((resolve) => {
        process.stdout.write(`${line}\n`, (error) => {
            if (!error)
                resolve();
        });
    });
}
