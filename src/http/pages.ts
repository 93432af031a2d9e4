import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { ref } from './fields.ts';

/** The query parameters that select one page of a list. */
export const pageQuery = {
  page: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1,
    description: 'Number of the page, from 1.',
  }),
  limit: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'Entries per page.',
  }),
};

export const PageQuerySchema = Type.Object(pageQuery);
export type PageQuery = Static<typeof PageQuerySchema>;

/** Rows of a page, as repositories select them. */
export interface Slice {
  offset: number;
  limit: number;
}

export function offsetAndLimit({ page, limit }: PageQuery): Slice {
  return { offset: (page - 1) * limit, limit };
}

/** Returns the named schema of one page of a list. */
export function pageOf<T extends TSchema>($id: string, entry: T, description: string) {
  const link = Type.Unsafe<string | null>({ type: 'string', format: 'uri', nullable: true });
  return Type.Object(
    {
      count: Type.Integer({ minimum: 0, description: 'Entries in all pages.' }),
      next: { ...link, description: 'The next page, with the same filters.' },
      previous: { ...link, description: 'The page before, with the same filters.' },
      results: Type.Array(ref(entry), { description: 'The entries of this page.' }),
    },
    { $id, description },
  );
}

/** Returns the response body of a page. Its links keep the filters of the request. */
export function toPage<T>(
  { url, query }: FastifyRequest,
  publicUrl: string,
  { count, results }: { count: number; results: T[] },
) {
  const { page, limit } = query as PageQuery;
  const linkTo = (target: number) => {
    const link = new URL(publicUrl + url);
    link.searchParams.set('page', String(target));
    return link.href;
  };
  return {
    count,
    next: page * limit < count ? linkTo(page + 1) : null,
    previous: page > 1 ? linkTo(page - 1) : null,
    results,
  };
}

/** An example of a page that holds all entries. */
export const examplePage = (entry: object) => ({
  count: 1,
  next: null,
  previous: null,
  results: [entry],
});
