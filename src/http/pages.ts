import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { Found, Ordering, Position, Slice } from '../database/keyset.ts';
import { ref } from './fields.ts';
import { problems } from './problem.ts';

/** Holds a name of 200 characters beside an id. */
const MAX_CURSOR_LENGTH = 1200;

/** The query parameters that select one page of a list. */
export const pageQuery = {
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Number of the page, from 1, which is the default.',
    }),
  ),
  after: Type.Optional(
    Type.String({
      maxLength: MAX_CURSOR_LENGTH,
      description: 'In place of `page`: the `after` of the page before.',
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'Entries per page.',
  }),
};

export const PageQuerySchema = Type.Object(pageQuery);
type PageQuery = Static<typeof PageQuerySchema>;

/**
 * Returns the part of a list that a query asks for.
 *
 * @throws {Problem} `validation_failed` where `after` is not a cursor of a list in this order, or comes with `page`
 */
export function sliceOf({ page, after, limit }: PageQuery, ordering: Ordering): Slice {
  if (after === undefined) {
    return { ordering, limit, offset: ((page ?? 1) - 1) * limit, after: undefined };
  }
  if (page !== undefined) throw invalidCursor('must not be sent with page');
  const position = positionOf(after, ordering);
  if (!position) throw invalidCursor('must be the `after` of a page of this list, in this order');
  return { ordering, limit, offset: 0, after: position };
}

function invalidCursor(message: string) {
  return problems.validationFailed(undefined, { errors: [{ path: '/after', message }] });
}

/** Returns the text that stands for the position of a row. It needs no signature: it gives no rights. */
function cursorOf(ordering: Ordering, columns: object): string {
  const position = ordering.map(({ column }) => columns[column as keyof typeof columns]);
  return Buffer.from(JSON.stringify([nameOf(ordering), ...position])).toString('base64url');
}

/** Returns the position that a cursor stands for, or undefined if it is not one of this ordering. */
function positionOf(cursor: string, ordering: Ordering): Position | undefined {
  const [name, ...position] = parseCursor(cursor);
  const isValid =
    name === nameOf(ordering) &&
    position.length === ordering.length &&
    ordering.every(({ type }, index) => IS_VALUE[type](position[index]));
  return isValid ? (position as Position) : undefined;
}

function parseCursor(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function nameOf(ordering: Ordering): string {
  return ordering.map(({ column, direction }) => `${column} ${direction}`).join();
}

/** Databases refuse to compare a column with a value of another type, with U+0000, or with letters they do not have. */
const IS_VALUE: Record<Ordering[number]['type'], (value: unknown) => boolean> = {
  integer: (value) => Number.isSafeInteger(value),
  text: (value) => typeof value === 'string' && value.isWellFormed() && !value.includes('\0'),
  id: (value) => typeof value === 'string' && /^[\w-]{1,36}$/.test(value),
};

/** Returns the named schema of one page of a list. */
export function pageOf<T extends TSchema>($id: string, entry: T, description: string) {
  const link = Type.Unsafe<string | null>({ type: 'string', format: 'uri', nullable: true });
  return Type.Object(
    {
      count: Type.Integer({ minimum: 0, description: 'Entries in all pages.' }),
      next: { ...link, description: 'The next page, with the same filters.' },
      previous: { ...link, description: 'The page before, with the same filters.' },
      after: Type.Unsafe<string | null>({
        type: 'string',
        nullable: true,
        description: 'Cursor of the last entry, for `after`; null on the last page.',
      }),
      results: Type.Array(ref(entry), { description: 'The entries of this page.' }),
    },
    { $id, description },
  );
}

interface PageOptions<Row, Entry> {
  request: FastifyRequest;
  publicUrl: string;
  slice: Slice;
  toEntry(row: Row): Entry;
  /** Returns the columns of the ordering. Default: they are those of the row. */
  columnsOf?(row: Row): object;
}

/** Returns the response body of a page. Its links keep the filters of the request. */
export function toPage<Row extends object, Entry>(
  { request, publicUrl, slice, toEntry, columnsOf = (row) => row }: PageOptions<Row, Entry>,
  { count, rows }: Found<Row>,
) {
  const { ordering, limit, offset, after: start } = slice;
  const linkTo = (parameter: string, value: string | number) => {
    const link = new URL(publicUrl + request.url);
    link.searchParams.set(parameter, String(value));
    return link.href;
  };
  const after = rows.length > limit ? cursorOf(ordering, columnsOf(rows[limit - 1]!)) : null;
  const page = offset / limit + 1;
  const next = start ? linkTo('after', after ?? '') : linkTo('page', page + 1);
  return {
    count,
    next: after === null ? null : next,
    previous: page > 1 ? linkTo('page', page - 1) : null,
    after,
    results: rows.slice(0, limit).map(toEntry),
  };
}

/** An example of a page that holds all entries. */
export const examplePage = (entry: object) => ({
  count: 1,
  next: null,
  previous: null,
  after: null,
  results: [entry],
});
