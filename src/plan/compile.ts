/** Operations × dialect → statements, each knowing its operation; the model is carried along by `apply`. */
import { locate } from '../problem.ts'
import type { Model } from '../model/model.ts'
import type { Dialect, Server, Statement, TableChange } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import { unnamed } from '../ops/parts/default-schema.ts'
import type { Placed, PlannedStatement } from './placed.ts'
import { TableChanges } from './table-changes.ts'

export interface Compilation {
  readonly statements: readonly PlannedStatement[]
  readonly after: Model
  /** Whether a table is rebuilt: SQLite's foreign keys must be off around it. */
  readonly rebuilds: boolean
  /** How many of the operations are in it: fewer than there are when one of unknown effect is met. */
  readonly consumed: number
  /** Whether the last one consumed has an effect on the schema that cannot be known. */
  readonly unknown: boolean
}

export interface Target {
  readonly dialect: Dialect
  readonly server: Server
}

/**
 * The operations that are for this dialect: those without `only`, and those whose `only` names it. The default schema is
 * not named in them.
 */
export function operationsFor(operations: readonly Placed[], { dialect, server }: Target): Placed[] {
  return operations.flatMap((placed) => {
    const { only } = placed.operation
    if (only !== undefined && only !== dialect.name) return []
    const operation = unnamed(placed.operation, server.schema)
    return [operation === placed.operation ? placed : { ...placed, operation }]
  })
}

/**
 * Compiles operations, beginning at `from`. It ends after the first one whose effect on the schema is unknown, unless
 * `blind` says to take it as having none (offline, where nobody can look).
 * @param operations as {@link operationsFor} returns them
 * @throws the problems of `apply` and `compile`, at the operation's place
 */
export function compileOperations(
  operations: readonly Placed[],
  before: Model,
  target: Target,
  options: { readonly from?: number; readonly blind?: boolean } = {},
): Compilation {
  const statements: PlannedStatement[] = []
  const changes = new TableChanges(target.dialect)
  let model = before
  let consumed = options.from ?? 0
  let unknown = false
  for (const placed of operations.slice(consumed)) {
    const definition = definitionOf(placed.operation)
    const after = locate(placed.locate, () => definition.apply(placed.operation, model))
    const compile = definition.compile[target.dialect.name]
    const cx = { before: model, after, sql: target.dialect.spelling, server: target.server }
    for (const part of locate(placed.locate, () => compile(placed.operation, cx))) {
      if (isTableChange(part)) statements.push(...changes.add(part, placed, model, after))
      else statements.push(...changes.flush(), { ...part, origin: placed })
    }
    model = after
    consumed++
    unknown = definition.opaque?.(placed.operation) ?? false
    if (unknown && !options.blind) break
  }
  statements.push(...changes.flush())
  return { statements, after: model, rebuilds: changes.rebuilt, consumed, unknown: unknown && !options.blind }
}

function isTableChange(part: Statement | TableChange): part is TableChange {
  return 'before' in part
}
