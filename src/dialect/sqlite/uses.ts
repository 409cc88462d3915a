/** Who uses the columns of a table: a column that is still used is not dropped. */
import { fault } from '../../problem.ts'
import { usesColumn } from '../../model/used-columns.ts'
import { constraints, sameName, shown } from '../../model/edit.ts'
import type { Model, Table } from '../../model/model.ts'
import type { Rebuild } from '../dialect.ts'
import { spelling } from './spelling.ts'
import { projectTrigger } from './trigger.ts'
import { identifierOf, mentions, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** A trigger as SQLite has it. */
export interface SqlTrigger {
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** The triggers of SQLite's in the model. */
export function sqlTriggers(model: Model): readonly SqlTrigger[] {
  return model.triggers.flatMap((trigger) => {
    const own = projectTrigger(trigger)
    if (own === undefined) return []
    return [{ name: own.name, table: own.table, sql: spelling.createTrigger(own) }]
  })
}

/** The triggers on the table. */
export function triggersOn(table: Table, model: Model): readonly SqlTrigger[] {
  return sqlTriggers(model).filter((trigger) => trigger.table.toLowerCase() === table.name.toLowerCase())
}

/** @throws `column-in-use`, naming who uses a column that `before` has and `after` has not */
export function checkUses({ before, after, model }: Rebuild): void {
  const kept = new Set(after.columns.map(({ name }) => name.toLowerCase()))
  for (const { name } of before.columns.filter((column) => !kept.has(column.name.toLowerCase()))) {
    const user = triggerUsing(name, before, model) ?? partUsing(name, after) ??
      keyUsing(name, before, model)
    if (user === undefined) continue
    fault('column-in-use', `the column "${shown(before)}"."${name}" cannot be dropped: ${user} uses it`, {
      path: [],
      hint: `drop ${user} first, in the same revision if need be`,
    })
  }
}

function triggerUsing(column: string, table: Table, model: Model): string | undefined {
  const using = sqlTriggers(model).find((trigger) => {
    const own = trigger.table.toLowerCase() === table.name.toLowerCase()
    return (own || mentions(trigger.sql, table.name)) && triggerUses(trigger.sql, column, table.name, own)
  })
  return using === undefined ? undefined : `the trigger "${using.name}"`
}

/**
 * Whether the trigger's text uses the column: as NEW.c or OLD.c (of a trigger on the table), after UPDATE OF, as t.c, or
 * bare in a statement of its body that names the table.
 */
function triggerUses(sql: string, column: string, table: string, own: boolean): boolean {
  const tokens = tokenize(sql)
  const wanted = column.toLowerCase()
  const begin = tokens.findIndex(({ key }) => key === 'BEGIN')
  const statements = split(tokens.slice(begin + 1))
  const head = tokens.slice(0, begin)
  const qualifiers = new Set([table.toLowerCase(), ...(own ? ['new', 'old'] : [])])
  if (own && head.some((token, i) => identifierOf(token) === wanted && !isQualified(head, i))) return true
  return [head, ...statements].some((statement) => {
    const names = statement.map(identifierOf)
    return names.some((name, i) => {
      if (name !== wanted) return false
      if (isQualified(statement, i)) return qualifiers.has(names[i - 2] ?? '')
      return statement !== head && names.includes(table.toLowerCase())
    })
  })
}

function isQualified(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.key === '.'
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]]
  for (const token of tokens) {
    if (token.key === ';') statements.push([])
    else statements.at(-1)!.push(token)
  }
  return statements
}

/** A constraint, index or generated column of the table as it shall be. */
function partUsing(column: string, after: Table): string | undefined {
  const uses = (expression: string | undefined) => usesColumn(expression, column)
  for (const { kind, constraint } of constraints(after)) {
    const names = 'columns' in constraint ? constraint.columns : []
    const self = kind === 'foreign_key' && sameName(constraint.references, after)
      ? constraint.references.columns
      : []
    const expression = kind === 'check' ? constraint.expression : undefined
    if (names.includes(column) || self.includes(column) || uses(expression)) {
      return `the constraint "${constraint.name}"`
    }
  }
  const index = after.indexes.find((one) =>
    uses(one.where) || one.keys.some((key) => key.column === column || uses(key.expression))
  )
  if (index !== undefined) return `the index "${index.name}"`
  const generated = after.columns.find((one) => uses(one.generated?.expression))
  return generated === undefined ? undefined : `the generated column "${generated.name}"`
}

/** A foreign key of another table that refers to the column. */
function keyUsing(column: string, table: Table, model: Model): string | undefined {
  for (const other of model.tables) {
    if (sameName(other, table)) continue
    const key = other.foreignKeys.find((one) =>
      sameName(one.references, table) && one.references.columns.includes(column)
    )
    if (key !== undefined) return `the foreign key "${key.name}" of "${shown(other)}"`
  }
}
