/**
 * alter_column on PostgreSQL: one ALTER TABLE with all that it can hold, which PostgreSQL carries out in an order of its
 * own that fits (drops, types, NOT NULL, then the rest); around it what has to be a statement of its own.
 */
import type { Check, Column, DataType, Exclusion, Index, Table } from '../../model/model.ts'
import { column as columnOf, shown, tableOf } from '../../model/edit.ts'
import { usedColumns, usesColumn } from '../../model/used-columns.ts'
import { references } from '../../model/references.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { element } from '../../model/types.ts'
import { fault } from '../../problem.ts'
import { closed } from '../../dialect/ansi.ts'
import type { Hazard, Statement } from '../../dialect/dialect.ts'
import type { CompileContext } from '../definition.ts'
import {
  alterTable,
  commentOn,
  constraintComment,
  indexComment,
  inSchemaOf,
  locks,
  newEnums,
} from '../parts/compile.ts'
import { enumColumns } from '../parts/enum-values.ts'
import { restoreDefaults, restoreNotNull } from '../parts/heirs.ts'
import { castsByItself, castsByText, keepsRows, sameKind } from '../parts/conversion.ts'
import { isPartitionKey, recast, retypeUsers, withLiteralsOf } from '../parts/retype.ts'
import { checkRetypedReferences } from '../parts/reference-types.ts'
import { neverNull } from '../parts/rewrites.ts'
import { renameStatement } from '../rename-column.ts'
import { changedChecks } from './apply.ts'
import { expressionActions, identityActions } from './computed.ts'
import { continueSequence, createSerial, dropSerial, rememberCounter, retypeSerial } from './serial.ts'
import type { AlterColumn } from './shape.ts'

/** The column before and after, and what of its table the change concerns. */
export interface Alteration {
  readonly op: AlterColumn
  readonly cx: CompileContext
  readonly table: Table
  readonly old: Column
  /** Under its old name: it is renamed last. */
  readonly now: Column
  /** Whether ALTER TYPE is needed. */
  readonly retyped: boolean
}

export function postgres(op: AlterColumn, cx: CompileContext): readonly Statement[] {
  const table = tableOf(cx.before, op)
  const old = columnOf(table, op.column)
  const now = { ...columnOf(tableOf(cx.after, op), op.new_name ?? op.column), name: old.name }
  const using = op.using === undefined ? undefined : sqlFor(op.using, 'postgres')
  const retyped = using !== undefined || old.collation !== now.collation ||
    JSON.stringify(old.type) !== JSON.stringify(now.type)
  const one: Alteration = { op, cx, table, old, now, retyped }
  if (retyped) {
    checkRetypable(one)
    checkDefault(one)
    checkRetypedReferences(cx.after, tableOf(cx.after, op), op.new_name ?? op.column)
  }
  const indexes = retyped ? boundIndexes(one) : []
  const becomesSerial = now.serial === true && !old.serial
  const becomesIdentity = now.identity !== undefined && old.identity === undefined
  const { sql } = cx
  const place = `COLUMN ${sql.qualified(table)}.${sql.name(op.column)}`
  const comments = old.comment === now.comment ? [] : [{
    ...commentOn(sql, place, now.comment),
    hazards: [locks(shown(table), 'SHARE UPDATE EXCLUSIVE')],
  }]
  return [
    ...newEnums(sql, cx.before, cx.after),
    ...indexes.map((index) => ({ sql: `DROP INDEX ${sql.qualified(inSchemaOf(table, index.name))}` })),
    ...(becomesSerial || becomesIdentity ? rememberCounter(one) : []),
    ...(old.serial && !now.serial ? dropSerial(one) : []),
    ...alter(one),
    ...(becomesSerial ? createSerial(one) : []),
    ...(old.type.kind !== now.type.kind ? retypeSerial(one) : []),
    ...(becomesIdentity ? continueSequence(one) : []),
    ...recreated(one, indexes.map((index) => reboundIndex(one, index))),
    ...comments,
    ...(op.new_name === undefined || op.new_name === op.column
      ? []
      : [renameStatement({ ...op, new_name: op.new_name }, cx)]),
  ]
}

const NUMBERS: ReadonlySet<DataType['kind']> = new Set([
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'] as const,
])

/** A default that stays is one of the new type, too. @throws `contradiction` where it certainly is none */
function checkDefault({ op, old, now }: Alteration): void {
  if (op.default !== undefined || now.default === undefined || !('literal' in now.default)) return
  const { kind } = now.type
  const isOther = old.type.kind === 'boolean'
    ? NUMBERS.has(kind)
    : NUMBERS.has(old.type.kind) && kind === 'boolean'
  if (!isOther) return
  const { literal } = now.default
  fault('contradiction', `the default of "${op.column}" is ${String(literal)}, which is no ${kind}`, {
    path: ['type'],
    hint: `say what it becomes: \`default: ${kind === 'boolean' ? Number(literal) !== 0 : Number(literal)}\``,
  })
}

/**
 * PostgreSQL changes no type under a generated column, a view, a trigger, a policy or a function of the new style, nor
 * that of a partition key.
 * @throws `partition-key`, `still-used`
 */
function checkRetypable({ op, cx, table }: Alteration): void {
  if (isPartitionKey(table, op.column)) {
    fault(
      'partition-key',
      `"${shown(table)}" is partitioned by column "${op.column}", which keeps its type`,
      {
        path: ['type'],
        hint: 'create a table that is partitioned by a column of the new type, and move the rows',
      },
    )
  }
  const users = retypeUsers(cx.before, table, op.column)
  if (users.length === 0) return
  fault('still-used', `PostgreSQL cannot change the type of "${op.column}": ${users.join(', ')} uses it`, {
    path: ['type'],
    hint: 'drop that first and create it anew after',
  })
}

/** Whether expressions over the column hold constants of its old type: those of an enum are no texts. */
function rebinds({ old, now }: Alteration): boolean {
  return !sameKind(old.type, now.type) && [old, now].some(({ type }) => element(type).kind === 'enum')
}

/** An expression over the column for its new type. As the server writes it the constants are cast to the old one. */
function rebound({ old, now, cx, table }: Alteration, expression: string): string {
  const [from, to] = [element(old.type), element(now.type)]
  const used = usedColumns(expression, table)
  if (from.kind === 'enum') {
    const own = enumColumns(table, from).filter((one) => used.includes(one.name))
    return recast(expression, old.type, now.type, own.length === 1)
  }
  // Of several columns nobody knows which the texts are compared with.
  const alone = used.length === 1
  return to.kind === 'enum' && alone ? withLiteralsOf(expression, cx.sql.type(to, cx.after)) : expression
}

function boundIndexes(one: Alteration): Index[] {
  if (!rebinds(one)) return []
  return one.table.indexes.filter((index) =>
    [index.where, ...index.keys.map((key) => key.expression)].some((text) => usesColumn(text, one.old.name))
  )
}

function reboundIndex(one: Alteration, index: Index): Index {
  const keys = index.keys.map((key) =>
    key.expression === undefined ? key : { ...key, expression: rebound(one, key.expression) }
  )
  return { ...index, keys, ...(index.where === undefined ? {} : { where: rebound(one, index.where) }) }
}

function recreated({ cx, table, op }: Alteration, indexes: readonly Index[]): Statement[] {
  const hazards: Hazard[] = [locks(shown(table), 'SHARE'), { kind: 'builds-index', table: shown(table) }]
  return indexes.flatMap((index) => [
    { sql: cx.sql.createIndex(index, { ...table, name: op.table }), hazards },
    ...indexComment(cx.sql, table, index),
  ])
}

/** The constraints that are dropped and added around a change of type. */
interface Around {
  readonly dropped: readonly (Check | Exclusion)[]
  readonly checks: readonly Check[]
  readonly excludes: readonly Exclusion[]
}

/** Those of the operation, and those bound to the type. */
function constraintsAround(one: Alteration): Around {
  const { gone, come } = changedChecks(one.op, one.cx.before)
  if (!rebinds(one)) return { dropped: gone, checks: come, excludes: [] }
  const uses = (text: string | undefined) => usesColumn(text, one.old.name)
  const checks = one.table.checks.filter((check) => !gone.includes(check) && uses(check.expression))
  const excludes = one.table.excludes.filter(({ where, elements }) =>
    uses(where) || elements.some(({ expression }) => uses(expression))
  )
  return {
    dropped: [...gone, ...checks, ...excludes],
    checks: [...come, ...checks.map((check) => reboundCheck(one, check))],
    excludes: excludes.map((exclusion) => reboundExclusion(one, exclusion)),
  }
}

/** A constraint created anew keeps its name even when it was not given one. */
function reboundCheck(one: Alteration, { implicit: _, ...check }: Check): Check {
  return { ...check, expression: rebound(one, check.expression) }
}

function reboundExclusion(
  one: Alteration,
  { implicit: _, where, elements, ...exclusion }: Exclusion,
): Exclusion {
  return {
    ...exclusion,
    elements: elements.map((element) =>
      element.expression === undefined
        ? element
        : { ...element, expression: rebound(one, element.expression) }
    ),
    ...(where === undefined ? {} : { where: rebound(one, where) }),
  }
}

/** ALTER TABLE with its actions, in Alembic's order; none when nothing of it changes. */
function alter(one: Alteration): Statement[] {
  const { op, cx, old, now } = one
  const { sql } = cx
  const around = constraintsAround(one)
  const added = [...around.checks.map(sql.check), ...around.excludes.map(sql.exclusion)]
  const column = `ALTER COLUMN ${sql.name(op.column)}`
  // A serial's default went with its sequence.
  const recast = old.default !== undefined && one.retyped && !sameKind(old.type, now.type)
  const value = now.default === undefined ? undefined : sql.default(now.default, now.type)
  const was = old.default === undefined ? undefined : sql.default(old.default, old.type)
  const sets = value !== undefined && (recast || value !== was)
  const drops = was !== undefined && (recast || value === undefined)
  const identity = identityActions(one)
  const expression = expressionActions(one)
  const actions = [
    ...around.dropped.map(({ name }) => `DROP CONSTRAINT ${sql.name(name)}`),
    ...(drops && one.retyped ? [`${column} DROP DEFAULT`] : []),
    ...identity.drop.concat(expression.drop).map((text) => `${column} ${text}`),
    ...(one.retyped ? [`${column} ${retype(one)}`] : []),
    ...(old.nullable === now.nullable ? [] : [`${column} ${now.nullable ? 'DROP' : 'SET'} NOT NULL`]),
    ...(drops && !one.retyped ? [`${column} DROP DEFAULT`] : []),
    ...(sets ? [`${column} SET DEFAULT ${value}`] : []),
    ...identity.set.concat(expression.set).map((text) => `${column} ${text}`),
    ...added.map((constraint) => `ADD ${constraint}`),
  ]
  if (actions.length === 0) return []
  const text = actions.length === 1 ? ` ${actions[0]!}` : `\n  ${actions.join(',\n  ')}`
  return [
    { sql: `${alterTable(sql, op)}${text}`, hazards: hazards(one, added.length > 0) },
    ...(sets || drops ? restoreDefaults(one.table, op.column, now.type, cx) : []),
    ...(now.nullable && !old.nullable ? restoreNotNull(one.table, op.column, cx) : []),
    ...[...around.checks, ...around.excludes].flatMap((constraint) =>
      constraintComment(sql, inSchemaOf(one.table, op.table), constraint)
    ),
  ]
}

function retype({ op, cx, old, now }: Alteration): string {
  const { sql } = cx
  const type = sql.type(now.type, cx.after)
  const collation = now.collation === undefined ? '' : ` COLLATE ${sql.name(now.collation)}`
  const given = op.using === undefined ? undefined : sqlFor(op.using, 'postgres')
  const name = sql.name(op.column)
  const text = old.type.kind === 'array' && now.type.kind === 'array' ? 'text[]' : 'text'
  const cast = castsByText(old.type, now.type) ? `${name}::${text}::${type}` : `${name}::${type}`
  const using = given ?? (castsByItself(old.type, now.type) ? undefined : cast)
  return `TYPE ${type}${collation}${using === undefined ? '' : ` USING ${closed(using)}`}`
}

function hazards(one: Alteration, checked: boolean): Hazard[] {
  const { op, cx, table, old, now } = one
  const at = shown(table)
  const found: Hazard[] = [locks(at, 'ACCESS EXCLUSIVE')]
  const kept = op.using === undefined && old.collation === now.collation && keepsRows(old.type, now.type)
  const computed = now.generated !== undefined && now.generated.expression !== old.generated?.expression
  if ((one.retyped && !kept) || computed) found.push({ kind: 'rewrites', table: at })
  const unproven = old.nullable && !now.nullable && !neverNull(table, op.column)
  if (unproven || checked) found.push({ kind: 'scans', table: at })
  if (!one.retyped) return found
  const joined = [
    ...table.foreignKeys.filter((key) => key.columns.includes(op.column)).map((key) => shown(key.references)),
    ...references(cx.before, table).filter(({ key }) => key.references.columns.includes(op.column))
      .map(({ from }) => shown(from)),
  ]
  const others = new Set(joined.filter((name) => name !== at))
  return [...found, ...[...others].map((name) => locks(name, 'ACCESS EXCLUSIVE'))]
}
