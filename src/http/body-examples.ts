/** Examples of a body by name, each with a summary. Swagger UI fills in the first. */
export type BodyExamples = Record<string, readonly [summary: string, value: unknown]>;

/** The member of an operation in which its examples are until the document is complete. */
export const BODY_EXAMPLES = 'x-body-examples';

/** Documents examples of the body of a request, which should work against the demo catalogue as they are. */
export function bodyExamples(examples: BodyExamples) {
  return {
    [BODY_EXAMPLES]: Object.fromEntries(
      Object.entries(examples).map(([name, [summary, value]]) => [name, { summary, value }]),
    ),
  };
}
