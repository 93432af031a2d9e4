import { readFileSync } from 'node:fs';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

/** The mark of tests that are left out where something is missing. */
const MARK = /\(needs ([^()]+)\)/;

/** Reads the JSON report of a test run, and prints its closing lines: the counts, and what was left out and why. */
const report: Report = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const { numPassedTests: passed, numFailedTests: failed, testResults } = report;
const skipped = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status !== 'passed' && status !== 'failed');
// A file that could not even be loaded has no test that failed.
const broken = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
).length;

const byReason = Map.groupBy(skipped, ({ fullName }) => MARK.exec(fullName)?.[1]);
const reasons = [...byReason].toSorted(([, a], [, b]) => b.length - a.length);
if (reasons.length > 0) console.log('Left out, because this machine lacks what they need:');
for (const [reason = 'for another reason', { length }] of reasons)
  console.log(`${String(length).padStart(6)} ${length === 1 ? 'test ' : 'tests'}  ${reason}`);
if (reasons.length > 0) console.log('.ci/run provides all of it on a throw-away Debian machine.\n');

const rest = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
console.log(`${passed} passed, ${failed + broken} failed${rest}`);
