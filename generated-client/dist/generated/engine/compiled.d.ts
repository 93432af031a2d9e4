/** The compiled module, in base64. */
export declare const COMPILED: string;
