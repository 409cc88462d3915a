/** The header of a revision file: what the graph needs to know of it. */
import type { Span } from '../../problem.ts'
import type { RevisionField, RevisionNode } from '../graph/node.ts'
import type { Locator } from '../yaml/source.ts'

/** A node of the graph, with the date that its file gives. */
export interface HeaderNode extends RevisionNode {
  /** `created` as written. */
  readonly created?: string
}

/** The header's fields as written; absent and null are undefined. */
export interface Header {
  readonly id: string
  readonly down_revision?: string | readonly string[] | null
  readonly depends_on?: string | readonly string[] | null
  readonly branch_labels?: string | readonly string[] | null
  readonly message?: string | null
  readonly created?: string | null
}

export const GRAPH_FIELDS: readonly RevisionField[] = ['id', 'down_revision', 'depends_on', 'branch_labels']

/** @param fields where the fields stand that are written; `id` always is */
export function headerNode(
  header: Header,
  file: string,
  at: Span,
  fields: Partial<Record<RevisionField, Span>>,
): HeaderNode {
  const { created } = header
  return {
    id: header.id,
    down: list(header.down_revision),
    dependsOn: list(header.depends_on),
    labels: list(header.branch_labels),
    message: header.message ?? '',
    ...(created === undefined || created === null ? {} : { created }),
    file,
    at,
    fields,
  }
}

function list(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/** The node of a header that was read in full. Its places are looked for when somebody asks for them. */
export function locatedNode(header: Header, file: string, locate: Locator): HeaderNode {
  const written = GRAPH_FIELDS.filter((field) => Object.hasOwn(header, field))
  const spans = written.map((field) => [field, lazySpan(file, () => locate([field]))])
  return headerNode(header, file, lazySpan(file, () => locate(['id'], 'key')), Object.fromEntries(spans))
}

function lazySpan(file: string, find: () => Span): Span {
  let found: Span | undefined
  const span = () => found ??= find()
  return {
    file,
    get line() {
      return span().line
    },
    get col() {
      return span().col
    },
    get source() {
      return span().source
    },
  } as Span
}
