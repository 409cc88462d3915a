/** Sequences of serial and identity columns, which have names that only the database knows. PostgreSQL. */
import { joined, objectName, relationNames } from '../../model/names.ts'
import type { Sequence } from '../../model/model.ts'
import { find, isOwnedBy, shown } from '../../model/edit.ts'
import { isGrantOn, sequenceOfColumn } from '../../model/grant.ts'
import { countingSequence } from '../../model/serial.ts'
import { defined } from '../../model/defined.ts'
import type { Statement } from '../../dialect/dialect.ts'
import { grantStatement } from '../grant.ts'
import { alterTable, locks } from '../parts/compile.ts'
import { restoreGrants } from '../parts/grant.ts'
import { dollarQuoted } from '../parts/on-routine.ts'
import type { Alteration } from './postgres.ts'

/** The sequence that gave the column its values before: its serial's, its identity's, or one that it owns. */
function sequenceOf({ cx, table, op }: Alteration): string {
  const { sql } = cx
  return `pg_get_serial_sequence(${sql.literal(sql.qualified(table))}, ${sql.literal(op.column)})`
}

/** The sequence that gives it values from now on. pg_get_serial_sequence takes any that the column owns. */
function newSequenceOf(one: Alteration): string {
  const { cx, table, op, now } = one
  const { sql } = cx
  if (now.serial) return sql.literal(sql.qualified(serialSequence(one)))
  if (!ownsOne(one)) return sequenceOf(one)
  return `(SELECT objid FROM pg_depend JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE deptype = 'i' AND classid = 'pg_class'::REGCLASS
        AND attrelid = ${sql.literal(sql.qualified(table))}::REGCLASS AND attname = ${
    sql.literal(op.column)
  })`
}

function ownsOne({ cx, table, op }: Alteration): boolean {
  return cx.before.sequences.some((one) => isOwnedBy(one, table) && one.ownedBy?.column === op.column)
}

/** Whether the column has a counter that another one goes on from. */
function hadCounter(one: Alteration): boolean {
  return one.old.serial === true || one.old.identity !== undefined || ownsOne(one)
}

function block(statement: string): string {
  return `DO ${dollarQuoted(` BEGIN ${statement}; END `)}`
}

/** The last value that was given: the rows that had the last ones may be gone. */
export function rememberCounter(one: Alteration): Statement[] {
  if (!hadCounter(one)) return []
  const last = `SELECT set_config(''limbeck.last'', (last_value - 1 + is_called::INT)::TEXT, false) FROM `
  return [{ sql: block(`EXECUTE '${last}' || ${sequenceOf(one)}`) }]
}

/** The default goes, then the sequence that it was from. */
export function dropSerial(one: Alteration): Statement[] {
  const { cx, op, table } = one
  const hazards = [locks(shown(table), 'ACCESS EXCLUSIVE')]
  return [
    { sql: `${alterTable(cx.sql, op)} ALTER COLUMN ${cx.sql.name(op.column)} DROP DEFAULT`, hazards },
    { sql: block(`EXECUTE 'DROP SEQUENCE ' || ${sequenceOf(one)}`) },
  ]
}

/** Whether the column goes on counting by the same sequence, which `serial` made or could have made. */
function goesOnCounting({ cx, table, old, now }: Alteration): boolean {
  if (now.serial && old.serial) return true
  const counter = countingSequence(cx.before, table, old)
  return counter !== undefined && find(cx.after, 'sequences', counter)?.type !== counter.type
}

/** ALTER TYPE leaves the sequence of a column as it is: it would end at the old type's largest value. */
export function retypeSerial(one: Alteration): Statement[] {
  if (!goesOnCounting(one)) return []
  const type = ` AS ${one.now.type.kind}`
  return [{ sql: block(`EXECUTE 'ALTER SEQUENCE ' || ${sequenceOf(one)} || '${type}'`) }]
}

const TYPES = { smallint: 'smallint', integer: 'integer', bigint: 'bigint' } as const

function serialSequence({ cx, op, table, now }: Alteration): Sequence {
  const taken = relationNames(cx.before, table)
  const named = (suffix: string) => objectName(table.name, joined([op.column]), `seq${suffix}`)
  let name = named('')
  for (let pass = 1; taken.has(name); pass++) name = named(String(pass))
  const type = now.type.kind in TYPES ? TYPES[now.type.kind as keyof typeof TYPES] : undefined
  return defined({ schema: table.schema, name, type })
}

/** What `serial` stands for in CREATE TABLE, whoever owns the table: only its owner's sequence can be its column's. */
export function createSerial(one: Alteration): Statement[] {
  const { cx, op, table } = one
  const { sql } = cx
  const sequence = serialSequence(one)
  const [own, name] = [sql.qualified(sequence), sql.qualified(table)]
  const owner = `(SELECT relowner::REGROLE FROM pg_class WHERE oid = ${sql.literal(name)}::REGCLASS)`
  return [
    { sql: sql.createSequence(sequence) },
    { sql: block(`EXECUTE ${sql.literal(`ALTER SEQUENCE ${own} OWNER TO `)} || ${owner}`) },
    { sql: `ALTER SEQUENCE ${own} OWNED BY ${name}.${sql.name(op.column)}` },
    {
      sql: `${alterTable(sql, op)} ALTER COLUMN ${sql.name(op.column)} SET DEFAULT nextval(${
        sql.literal(own)
      })`,
      hazards: [locks(shown(table), 'ACCESS EXCLUSIVE')],
    },
    ...continueSequence(one),
  ]
}

/** What was granted on the sequence before is granted on the new one, which has its name. */
function grantAgain({ cx, table, op }: Alteration): Statement[] {
  const sequence = sequenceOfColumn(table, op.column)
  return restoreGrants(cx.before.grants.filter((one) => isGrantOn(one, sequence)))
    .flatMap((one) => one.op === 'grant' ? [grantStatement(one, cx)] : [])
}

/**
 * A new sequence goes on after the highest value that rows have, or that was given if the column had a counter. One that is
 * told where it starts counts from there in its steps.
 */
export function continueSequence(one: Alteration): Statement[] {
  const { cx, op, table, now } = one
  const { start, increment = 1, minValue, maxValue } = now.identity ?? {}
  const grants = grantAgain(one)
  if (maxValue !== undefined || increment < 1 || (minValue !== undefined && start === undefined)) {
    return grants
  }
  const { sql } = cx
  const found = `max(${sql.name(op.column)})`
  const last = `nullif(current_setting('limbeck.last', true), '')::BIGINT`
  const highest = hadCounter(one) ? `greatest(${found}, ${last})` : found
  const steps = `((${highest} - ${start}) / ${increment} + 1) * ${increment}`
  const next = start === undefined
    ? `coalesce(${highest}, 0) + 1`
    : `CASE WHEN ${highest} >= ${start} THEN ${start} + ${steps} ELSE ${start} END`
  return [{
    sql: `SELECT setval(${newSequenceOf(one)}, ${next}, false) FROM ${sql.qualified(table)}`,
    hazards: [{ kind: 'scans', table: shown(table) }],
  }, ...grants]
}
