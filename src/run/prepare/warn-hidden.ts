/** Rows that the database hides from who migrates are told of before they are left as they are. */
import { find, shown } from '../../model/edit.ts'
import type { Model } from '../../model/model.ts'
import { definitionOf } from '../../ops/index.ts'
import { placeOf } from '../../plan/placed.ts'
import type { Placed } from '../../plan/placed.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Session } from '../session/session.ts'

/** The table whose rows an operation looks for by a condition. */
function searched({ operation }: Placed, before: Model) {
  if (!('table' in operation) || operation.table === undefined) return undefined
  if (!definitionOf(operation).dataFields?.(operation).includes('where')) return undefined
  const schema = 'schema' in operation ? operation.schema : undefined
  return find(before, 'tables', { schema, name: operation.table })
}

/** @param before the schema that is there */
export async function warnHidden(
  { connection, dialect, options: { reporter } }: Session,
  prepared: readonly PreparedStep[],
  before: Model,
): Promise<void> {
  for (const placed of prepared.flatMap((one) => one.operations)) {
    const table = searched(placed, before)
    if (!table?.rowSecurity || !await dialect.hidesRows?.(connection, table)) continue
    reporter.warn({
      code: 'hidden-rows',
      message: `row security hides rows of "${shown(table)}" from who migrates, and "${
        definitionOf(placed.operation).describe(placed.operation)
      }" leaves those as they are`,
      hint: 'ALTER ROLE … BYPASSRLS, or a policy for this role that lets it see all of them',
      at: placeOf(placed),
    })
  }
}
