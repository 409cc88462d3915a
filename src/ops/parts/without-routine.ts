/** What goes with a function by DROP FUNCTION … CASCADE. */
import { sameValue } from '../../model/difference.ts'
import { dropColumnFrom } from '../../model/drop-column.ts'
import { find } from '../../model/edit.ts'
import { withoutGrants } from '../../model/grant.ts'
import type { Column, Domain, Model, Routine, Table } from '../../model/model.ts'
import { withoutPolicies } from '../../model/readers.ts'
import { grantedRoutine } from '../../model/routine.ts'
import { withoutViews, withViewsOver } from '../../model/views.ts'
import { callsOf, queriesCalling } from './routine-users.ts'
import type { Calls } from './routine-users.ts'

/** The model without the function, what is granted on it, and what certainly calls it (`routineUsers`). */
export function withoutRoutine(model: Model, gone: Routine): Model {
  const calls = callsOf(gone)
  const { views, materializedViews, functions } = queriesCalling(model, gone)
  const left = withoutViews({
    ...model,
    functions: model.functions.filter((one) => one !== gone),
    grants: withoutGrants(model.grants, [grantedRoutine(gone)]),
    tables: model.tables.map((table) => withoutCalls(table, calls)),
    domains: model.domains.map((domain) => inDomain(domain, calls)),
  }, withViewsOver(model, { views, materializedViews }))
  const computed = model.tables.flatMap((table) =>
    table.columns.filter((one) => calls(one.generated?.expression, table.columns))
      .map(({ name }) => ({ table, name }))
  )
  const next = computed.reduce((sofar, { table, name }) => {
    const now = find(sofar, 'tables', table)!
    return dropColumnFrom(sofar, now, name)
  }, left)
  return functions.reduce(withoutRoutine, next)
}

function withoutDefault<T extends Pick<Column | Domain, 'default'>>(
  one: T,
  calls: (text?: string) => boolean,
): T {
  const { default: value, ...rest } = one
  return value !== undefined && 'expression' in value && calls(value.expression) ? rest as T : one
}

/** The table itself when nothing in it calls the function. */
function withoutCalls(table: Table, callsWith: Calls): Table {
  const calls = (text?: string) => callsWith(text, table.columns)
  const none = (...texts: readonly (string | undefined)[]) => !texts.some(calls)
  const next: Table = {
    ...withoutPolicies(table, calls),
    columns: table.columns.map((one) => withoutDefault(one, calls)),
    checks: table.checks.filter((one) => none(one.expression)),
    excludes: table.excludes.filter((one) => none(one.where, ...one.elements.map((each) => each.expression))),
    indexes: table.indexes.filter((one) => none(one.where, ...one.keys.map((key) => key.expression))),
  }
  return sameValue(next, table) ? table : next
}

/** The domain itself when nothing in it calls the function. */
function inDomain(domain: Domain, callsWith: Calls): Domain {
  const value: Column = { name: 'value', type: domain.type, nullable: true }
  const calls = (text?: string) => callsWith(text, [value])
  const next = {
    ...withoutDefault(domain, calls),
    checks: domain.checks.filter((one) => !calls(one.expression)),
  }
  return sameValue(next, domain) ? domain : next
}
