/** Sequences of serial and identity columns, which have names that only the database knows. PostgreSQL. */
import { joined, objectName, relationNames } from '../../model/names.ts'
import type { Sequence } from '../../model/model.ts'
import { shown } from '../../model/edit.ts'
import { defined } from '../../model/defined.ts'
import type { Statement } from '../../dialect/dialect.ts'
import { alterTable, locks } from '../parts/compile.ts'
import type { Alteration } from './postgres.ts'

function sequenceOf({ cx, table, op }: Alteration): string {
  const { sql } = cx
  return `pg_get_serial_sequence(${sql.literal(sql.qualified(table))}, ${sql.literal(op.column)})`
}

/** The default goes, then the sequence that it was from. */
export function dropSerial(one: Alteration): Statement[] {
  const { cx, op, table } = one
  const hazards = [locks(shown(table), 'ACCESS EXCLUSIVE')]
  return [
    { sql: `${alterTable(cx.sql, op)} ALTER COLUMN ${cx.sql.name(op.column)} DROP DEFAULT`, hazards },
    { sql: `DO $$ BEGIN EXECUTE 'DROP SEQUENCE ' || ${sequenceOf(one)}; END $$` },
  ]
}

/** ALTER TYPE leaves the sequence of a serial column as it is: it would end at the old type's largest value. */
export function retypeSerial(one: Alteration): Statement[] {
  const type = ` AS ${one.now.type.kind}`
  return [{
    sql: `DO $$ BEGIN EXECUTE 'ALTER SEQUENCE ' || ${sequenceOf(one)} || '${type}'; END $$`,
  }]
}

const TYPES = { smallint: 'smallint', integer: 'integer', bigint: 'bigint' } as const

/** What `serial` stands for in CREATE TABLE, going on after the highest value there is. */
export function createSerial(one: Alteration): Statement[] {
  const { cx, op, table, now } = one
  const { sql } = cx
  const taken = relationNames(cx.before, table)
  const named = (suffix: string) => objectName(table.name, joined([op.column]), `seq${suffix}`)
  let name = named('')
  for (let pass = 1; taken.has(name); pass++) name = named(String(pass))
  const sequence: Sequence = defined({
    schema: table.schema,
    name,
    type: now.type.kind in TYPES ? TYPES[now.type.kind as keyof typeof TYPES] : undefined,
    ownedBy: { table: table.name, column: op.column },
  })
  const value = `nextval(${sql.literal(sql.qualified(sequence))})`
  return [
    { sql: sql.createSequence(sequence) },
    {
      sql: `${alterTable(sql, op)} ALTER COLUMN ${sql.name(op.column)} SET DEFAULT ${value}`,
      hazards: [locks(shown(table), 'ACCESS EXCLUSIVE')],
    },
    ...continueSequence(one),
  ]
}

/**
 * A new sequence goes on after the highest value: rows that are there have theirs. One that is told where it starts counts
 * from there in its steps.
 */
export function continueSequence(one: Alteration): Statement[] {
  const { cx, op, table, now } = one
  const { start, increment = 1, minValue, maxValue } = now.identity ?? {}
  if (maxValue !== undefined || increment < 1 || (minValue !== undefined && start === undefined)) return []
  const { sql } = cx
  const highest = `max(${sql.name(op.column)})`
  const steps = `((${highest} - ${start}) / ${increment} + 1) * ${increment}`
  const next = start === undefined
    ? `coalesce(${highest}, 0) + 1`
    : `CASE WHEN ${highest} >= ${start} THEN ${start} + ${steps} ELSE ${start} END`
  return [{
    sql: `SELECT setval(${sequenceOf(one)}, ${next}, false) FROM ${sql.qualified(table)}`,
    hazards: [{ kind: 'scans', table: shown(table) }],
  }]
}
