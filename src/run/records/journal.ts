/**
 * The journal: what ran, when, how long, by which version of the tool, and from what content. Losing it loses history,
 * never the heads: those are in the version table.
 */
import os from 'node:os'
import process from 'node:process'
import { accountName } from '../../account.ts'
import type { Column, DataType, QualifiedName, Scalar, Table } from '../../model/model.ts'
import { EMPTY } from '../../model/model.ts'
import { clip } from '../../model/names.ts'
import type { Spelling } from '../../dialect/dialect.ts'
import type { Checkpoint } from './checkpoint.ts'

/** The version table, unless the configuration names another. */
export const VERSION_TABLE = 'alembic_version'

/** The journal of a version table: where projects share a schema each has its own, as it has its own lock. */
export function journalOf(versionTable: string): string {
  return versionTable === VERSION_TABLE ? 'limbeck_journal' : clip(`limbeck_journal_${versionTable}`)
}

const CURSOR = 'cursor'
const PROGRESS = 'progress'

/** One row: a revision that was run, a stamp, or an edit of a revision that was accepted. */
export interface JournalEntry {
  /** The revision; of a stamp all of them, joined by commas, or `base`. */
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade' | 'stamp' | 'accept'
  readonly status: 'started' | 'done' | 'failed' | 'stopped'
  readonly startedAt: Date
  /** A number, or how the database measures it. */
  readonly durationMs?: number | { readonly sql: string }
  /** Content hash of the revision's file. */
  readonly hash?: string
  /** How many of its statements were done: for revisions that are not one transaction. */
  readonly statements: number
  readonly tag?: string
  /** How far a statement that runs in batches got. */
  readonly cursor?: string
  /** How far it is, for who goes on with it; absent when nothing is to be gone on with. */
  readonly progress?: Checkpoint
  /** The number of its row, when another run began it. */
  readonly entry?: number
}

function column(name: string, type: DataType, nullable: boolean): Column {
  return { name, type, nullable }
}

/** The journal's table, beside the version table. */
function journalTable(name: QualifiedName): Table {
  const varchar = (length?: number): DataType =>
    length === undefined ? { kind: 'varchar' } : { kind: 'varchar', length }
  return {
    ...name,
    columns: [
      { ...column('entry', { kind: 'integer' }, false), identity: { generated: 'by_default' } },
      column('revision', varchar(), false),
      column('direction', varchar(9), false),
      column('status', varchar(9), false),
      column('started_at', { kind: 'timestamptz' }, false),
      column('duration_ms', { kind: 'integer' }, true),
      column('hash', varchar(64), true),
      column('statements', { kind: 'integer' }, false),
      column('executed_by', varchar(), false),
      column('limbeck_version', varchar(32), false),
      column('tag', varchar(), true),
      column(CURSOR, varchar(), true),
      column(PROGRESS, varchar(), true),
    ],
    primaryKey: { name: `${name.name}_pkey`, columns: ['entry'], implicit: true },
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes: [],
  }
}

/** `CREATE TABLE IF NOT EXISTS limbeck_journal …`. */
export function createJournal(sql: Spelling, name: QualifiedName): string {
  return sql.createTable(journalTable(name), EMPTY, { ifNotExists: true })
}

/** ALTER TABLE for a journal of an older limbeck, which has no such column. */
export function addJournalColumn(sql: Spelling, name: QualifiedName, column: 'cursor' | 'progress'): string {
  const table = journalTable(name)
  const added = table.columns.find((one) => one.name === column)!
  return `ALTER TABLE ${sql.qualified(name)} ADD COLUMN ${sql.column(added, table, EMPTY)}`
}

type Value = Scalar | { readonly sql: string }

function spelled(sql: Spelling, value: Value): string {
  return typeof value === 'object' && value !== null ? value.sql : sql.literal(value)
}

function insert(sql: Spelling, table: QualifiedName, values: Readonly<Record<string, Value>>): string {
  const names = sql.names(Object.keys(values))
  const list = Object.values(values).map((value) => spelled(sql, value)).join(', ')
  return `INSERT INTO ${sql.qualified(table)} (${names}) VALUES (${list})`
}

let self: string | undefined

/** `user@host`. In a container the user may have a number and no name. */
function whoami(): string {
  return self ??= `${accountName() ?? process.getuid?.()}@${os.hostname()}`
}

/** The INSERT of one entry. */
export function journalInsert(
  sql: Spelling,
  table: QualifiedName,
  entry: JournalEntry,
  version: string,
): string {
  return insert(sql, table, {
    revision: entry.revision,
    direction: entry.direction,
    status: entry.status,
    started_at: sql.timestamp(entry.startedAt),
    duration_ms: entry.durationMs ?? null,
    hash: entry.hash ?? null,
    statements: entry.statements,
    executed_by: whoami(),
    limbeck_version: version,
    tag: entry.tag ?? null,
    ...progressOf(entry),
  })
}

function progressOf({ progress, status }: JournalEntry): Readonly<Record<string, string | null>> {
  if (progress === undefined) return {}
  return { [PROGRESS]: status === 'done' ? null : JSON.stringify(progress) }
}

/** The UPDATE that brings the entry of a revision that is under way up to date. */
export function journalUpdate(sql: Spelling, table: QualifiedName, entry: JournalEntry): string {
  const set = {
    status: entry.status,
    duration_ms: entry.durationMs ?? null,
    statements: entry.statements,
    ...(entry.entry === undefined ? {} : { hash: entry.hash ?? null }),
    ...(entry.cursor === undefined ? {} : { [CURSOR]: entry.cursor }),
    ...progressOf(entry),
  }
  const assignments = Object.entries(set).map(([key, value]) => `${sql.name(key)} = ${spelled(sql, value)}`)
  const which = entry.entry === undefined
    ? `revision = ${sql.literal(entry.revision)} AND status = 'started' ` +
      `AND started_at = ${sql.literal(sql.timestamp(entry.startedAt))}`
    : `${sql.name('entry')} = ${entry.entry}`
  return `UPDATE ${sql.qualified(table)} SET ${assignments.join(', ')} WHERE ${which}`
}
