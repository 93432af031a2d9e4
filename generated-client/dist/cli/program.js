import { readFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { parsePath } from '../generated/engine/json-path.js';
import { complete, SHELLS } from './completion.js';
import { diffFiles } from './diff.js';
import { EXIT_FAILURE, Failure } from './failure.js';
import { mergeReports } from './merge.js';
import { sumFiles } from './sum.js';
import { totalOfLines } from './total.js';
const EXIT_CODES = `
Exit status:
  0  success; for diff: both are equal
  1  diff found a difference
  2  a file could not be read or has no sum, or the command is wrong; what could be done is done

130 if it was interrupted (Ctrl-C), 141 if nobody reads its output any longer.
`;
const EXAMPLES = `
Examples:
  tally sum export.json                          the digest of the sum of all numbers
  tally diff june.jsonl.gz june-new.jsonl.gz     the fields whose totals differ
  tally sum --json export.jsonl > report.json    a report, to be compared elsewhere
`;
const SUM_HELP = `
The digest is the SHA-256 of the exact sum. The extension says how a file is read: .jsonl and .ndjson as JSON Lines,
.json-seq as a JSON text sequence, all else as one JSON document; in front of .gz, .zst or .br, the file is decoded.

With --server, the files are uploaded to a server of Tally. The access token is taken from TALLY_TOKEN; without one, the
command signs in as a guest.

Examples:
  tally sum export.json
  tally sum --json --collapse '$.users' export.jsonl.zst
  tally sum --json --key-file key.txt export.json     keyed digests, and no sums
  parallel tally sum --text ::: shards/*.gz | tally total
${EXIT_CODES}`;
const DIFF_HELP = `
Each file is a document, as in "tally sum", or a report that "tally sum --json" made, perhaps on another machine. They
are equal if they have the same total and the same count and sum at each path. A path that holds another field's total is
pointed out: it may have been renamed.

Examples:
  tally diff june.jsonl june-new.jsonl
  tally diff report-of-a.json export-of-b.jsonl.gz
  tally diff --json a.json b.json | jq .paths
${EXIT_CODES}`;
const TOTAL_HELP = `
The report of --json has no count and no paths. Each line begins with a decimal number; what follows behind white space, such as the name of a file, is ignored.

Examples:
  tally sum --text part-*.json | tally total
  tally total --text partial-sums.txt
${EXIT_CODES}`;
const MERGE_HELP = `
A report can be merged if it holds sums: digests cannot be added. Files may hold many reports, one on each line.

Examples:
  parallel tally sum --json ::: shards/*.jsonl | tally merge > whole.json
  tally merge berlin.json london.json
${EXIT_CODES}`;
/** Returns the command line: what it accepts, its help, and what each command does. */
export function createProgram() {
    const program = new Command('tally')
        .description('Exact sums of all numbers in JSON files, and the fields in which two files differ.')
        .version(versionOfPackage())
        .addHelpText('after', `${EXAMPLES}${EXIT_CODES}`)
        .configureOutput({ outputError: (text, write) => write(wordArgumentError(text)) })
        .showHelpAfterError('(--help shows what there is)')
        .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_FAILURE));
    addSum(program);
    addDiff(program);
    addTotal(program);
    addMerge(program);
    program
        .command('completion')
        .description('print the completions for a shell')
        .addArgument(new Argument('<shell>').choices(SHELLS))
        .addHelpText('after', COMPLETION_HELP)
        .action((shell) => complete(program, shell));
    return program;
}
/** Words an error of the arguments. Users of pipes learn how to name standard input. */
function wordArgumentError(text) {
    return text
        .replace(/^error:/, 'tally:')
        .replace(/missing required argument '(file|a|b)'$/m, '$&; - is standard input');
}
const COMPLETION_HELP = `
Put this into the start-up file of your shell:
  bash: source <(tally completion bash)
  zsh:  source <(tally completion zsh)      behind compinit
  fish: tally completion fish | source
`;
const json = () => new Option('--json', 'print a report on one line: the digests, sums and counts of all paths');
const text = () => new Option('--text', 'print the sum instead of its digest').conflicts(['json', 'keyFile']);
const keyFile = () => new Option('--key-file <file>', 'make keyed digests (HMAC) with the key in this file, 16 to 64 bytes as base64url');
const sums = () => [
    new Option('--sums', 'reports hold sums: the default without a key'),
    new Option('--no-sums', 'reports hold digests and counts alone: the default with a key'),
];
const collapse = () => new Option('--collapse <path>', "count the members of this object as one path, such as '$.users'; repeatable")
    .argParser(addPath)
    .default([], 'none');
const format = () => new Option('--format <format>', 'read all files in this format')
    .choices(['auto', 'json', 'lines', 'sequence'])
    .default('auto');
const maxPaths = () => new Option('--max-paths <count>', 'refuse documents with more paths')
    .argParser(toPositive)
    .default(undefined, '10000');
function addSum(program) {
    const command = program
        .command('sum')
        .description('add all numbers of each file, exactly, and print the digest of the sum')
        .argument('<file...>', 'files of JSON, or - for standard input')
        .addHelpText('after', SUM_HELP)
        .action((files, options) => {
        checkReportOptions(options);
        return sumFiles(files, options);
    });
    for (const option of [json(), text(), keyFile(), ...sums(), collapse()])
        command.addOption(option);
    command.option('--no-paths', 'reports have the total alone, which is faster');
    for (const option of [maxPaths(), format()])
        command.addOption(option);
    command.addOption(new Option('--server <url>', 'let a server compute').conflicts('maxPaths'));
}
/** @throws {Failure} for options that change nothing without `--json` */
function checkReportOptions({ json, paths, sums, collapse, maxPaths }) {
    if (!json) {
        const unused = [
            !paths && '--no-paths',
            sums !== undefined && (sums ? '--sums' : '--no-sums'),
            collapse.length > 0 && '--collapse',
            maxPaths !== undefined && '--max-paths',
        ].find((name) => name);
        if (unused)
            throw new Failure(`${unused} is about reports, and needs --json`);
    }
    if (!paths && collapse.length > 0)
        throw new Failure('--collapse is about paths, and --no-paths omits them');
}
function addDiff(program) {
    const command = program
        .command('diff')
        .description('show the paths at which two files have different totals')
        .argument('<a>', 'file or report, or - for standard input')
        .argument('<b>', 'file or report to compare with it')
        .addHelpText('after', DIFF_HELP)
        .option('--json', 'print everything as JSON, on one line')
        .option('--limit <count>', 'show at most so many paths', toPositive, 50)
        .action(diffFiles);
    for (const option of [collapse(), maxPaths(), format(), keyFile()])
        command.addOption(option);
}
function addTotal(program) {
    const command = program
        .command('total')
        .description('add decimal numbers, one on each line, such as the sums of parts')
        .argument('[file...]', 'files of lines, or - for standard input', ['-'])
        .addHelpText('after', TOTAL_HELP)
        .action(totalOfLines);
    for (const option of [json(), text(), keyFile()])
        command.addOption(option);
}
function addMerge(program) {
    const command = program
        .command('merge')
        .description('add reports of parts, path by path, and print the report about the whole')
        .argument('[report...]', 'files of reports, or - for standard input', ['-'])
        .addHelpText('after', MERGE_HELP)
        .action(mergeReports);
    for (const option of [...sums(), keyFile()])
        command.addOption(option);
}
function addPath(path, paths) {
    try {
        parsePath(path);
    }
    catch (error) {
        throw new InvalidArgumentError(error.message);
    }
    return [...paths, path];
}
function toPositive(text) {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000)
        return count;
    throw new InvalidArgumentError('It must be a whole number from 1 to 1000000.');
}
function versionOfPackage() {
    const file = new URL('../../package.json', import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8')).version;
}
