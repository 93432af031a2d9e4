import type { Comparison } from './comparison.js';
import type { Report } from './report.js';
interface Sides<T> {
    a: T;
    b: T;
}
/** Returns a comparison as `--json` prints it. */
export declare function toJson(comparison: Comparison, { a, b }: Sides<Report>, names: Sides<string>): {
    diff: string;
    equal: boolean;
    a: {
        sha256?: string;
        hmac_sha256?: string;
        bytes?: number;
        collapse?: string[];
        sum?: string;
        count?: number;
        file: string;
    };
    b: {
        sha256?: string;
        hmac_sha256?: string;
        bytes?: number;
        collapse?: string[];
        sum?: string;
        count?: number;
        file: string;
    };
    difference: string | undefined;
    path_count: number | undefined;
    paths: {
        path: string;
        a: {
            sha256?: string;
            hmac_sha256?: string;
            count: number;
            sum?: string;
        } | null;
        b: {
            sha256?: string;
            hmac_sha256?: string;
            count: number;
            sum?: string;
        } | null;
        difference: string | undefined;
    }[];
    same_totals: {
        sha256?: string;
        hmac_sha256?: string;
        count: number;
        sum?: string;
        a: string;
        b: string;
    }[];
    notes: string[];
};
/** Returns the lines about a comparison, with a table of at most `limit` paths; the last line sums it up. */
export declare function describeComparison(comparison: Comparison, { a, b }: Sides<Report>, names: Sides<string>, limit: number): string[];
export {};
