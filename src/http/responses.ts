import type { TSchema } from '@sinclair/typebox';
import { ref } from './fields.ts';

type Headers = Record<string, object>;

/** Documents a successful JSON response with named examples. */
export function ok<T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, unknown>,
  headers?: Headers,
) {
  return {
    description,
    ...(headers && { headers }),
    content: {
      'application/json': {
        schema: ref(schema),
        examples: Object.fromEntries(
          Object.entries(examples).map(([name, value]) => [name, { value }]),
        ),
      },
    },
  };
}

/** Documents the headers of a response that holds secrets. */
export const noStore = {
  'Cache-Control': { type: 'string', description: 'Always no-store.' },
};

/** Documents the response of a route that created something and names its URL in `Location`. */
export function created<T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, unknown>,
  headers?: Headers,
) {
  return ok(description, schema, examples, {
    ...headers,
    Location: {
      type: 'string',
      format: 'uri',
      description: 'The absolute URL of what was created.',
    },
  });
}

/** Documents a successful response without a body. */
export function noContent(description: string) {
  return { description, type: 'null' as const };
}
