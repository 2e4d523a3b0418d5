import { ArgsType, Field, Int, ObjectType, type ClassType } from './decorators.js'
import { PublicError } from '../errors.js'
import { defaultPageSize, maxPageSize, pageSize, type Page, type PageArguments } from './keyset.js'

@ObjectType({ simpleResolvers: true, description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Rows follow this page.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Rows precede this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last row: give it as `after` for the next page.' })
  endCursor!: string | null
}

/** The four arguments of every list; a connection's own arguments extend it. */
@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: `Rows of the page, read forwards: ${defaultPageSize} when neither first nor last is given, at most ${maxPageSize}.`,
  })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'The page begins after this cursor.' })
  after?: string | null

  @Field(() => Int, { nullable: true, description: `Rows of the page, read backwards from the end or from before; at most ${maxPageSize}.` })
  last?: number | null

  @Field(() => String, { nullable: true, description: 'The page ends before this cursor.' })
  before?: string | null
}

export interface Edge<Item> {
  readonly node: Item
  readonly cursor: string
}

export interface Connection<Item> {
  readonly edges: readonly Edge<Item>[]
  readonly nodes: readonly Item[]
  readonly pageInfo: PageInfo
  /** Counted only when asked. */
  readonly totalCount: number | (() => Promise<number>)
}

/** The schema's types for a list of `node`s: `NameEdge` and `NameConnection`. Subclass the connection to add facets. */
export function connectionTypes<Item extends object>(node: ClassType<Item>, name: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} in a list, with its place.` })
  class EdgeType {
    @Field(() => node, { description: 'The row itself.' })
    node!: Item

    @Field(() => String, { description: 'Place of the row in this order: give it as `after` or `before`.' })
    cursor!: string
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'Rows with their cursors.' })
    edges!: readonly EdgeType[]

    @Field(() => [node], { description: 'Rows alone.' })
    nodes!: readonly Item[]

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo

    @Field(() => Int, { description: 'Rows in the whole list, whatever the page; counted only when asked.' })
    totalCount!: number | (() => Promise<number>)
  }
  return { EdgeType, ConnectionType }
}

/** A page of rows as a connection of the nodes made from them. */
export function connectionOf<Item>(
  { cursors, hasNextPage, hasPreviousPage }: Omit<Page<unknown>, 'rows'>,
  nodes: readonly Item[],
  totalCount: () => Promise<number>,
): Connection<Item> {
  return {
    edges: nodes.map((node, index) => ({ node, cursor: cursors[index] ?? '' })),
    nodes,
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null },
    totalCount,
  }
}

/** A page of a short list that is in memory, in the order given; cursors are the items' slugs. */
export function pageOfList<Item extends { readonly slug: string }>(connection: string, items: readonly Item[], page: PageArguments): Connection<Item> {
  const { last, after, before } = page
  const size = pageSize(page)
  const place = (cursor: string, argument: string) => {
    const index = items.findIndex(({ slug }) => cursorOf(connection, slug) === cursor)
    if (index === -1)
      throw new PublicError('INVALID_CURSOR', `${argument} is not a cursor of this list: "${cursor.slice(0, 60)}"`, { reason: 'FOREIGN_CURSOR', argument })
    return index
  }
  const start = after == null ? 0 : place(after, 'after') + 1
  const end = Math.max(start, before == null ? items.length : place(before, 'before'))
  const from = last == null ? start : Math.max(start, end - size)
  const to = last == null ? Math.min(end, start + size) : end
  const rows = items.slice(from, to)
  return connectionOf({ cursors: rows.map(({ slug }) => cursorOf(connection, slug)), hasNextPage: to < items.length, hasPreviousPage: from > 0 }, rows, () =>
    Promise.resolve(items.length),
  )
}

const cursorOf = (connection: string, slug: string) => Buffer.from(JSON.stringify([connection, slug])).toString('base64url')
