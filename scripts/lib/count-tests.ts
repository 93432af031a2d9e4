import { readFileSync } from 'node:fs';

/** Reads the JSON report of a test run and prints its closing line. */
const report = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const { numPassedTests: passed, numFailedTests, numPendingTests: skipped, testResults } = report;
// A file that could not even be loaded has no test that failed.
const broken = testResults.filter(
  (file: { status: string; assertionResults: unknown[] }) =>
    file.status === 'failed' && file.assertionResults.length === 0,
).length;
const rest = skipped > 0 ? `, ${skipped} skipped` : '';
console.log(`${passed} passed, ${numFailedTests + broken} failed${rest}`);
