/**
 * What raw SQL of unknown effect does to the schema, found out: the history runs in a scratch database, and the schema
 * is looked at before such SQL and after it.
 */
import { EXIT, faults, locate, locateAsync, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { EMPTY } from '../model/model.ts'
import type { Model, Naming } from '../model/model.ts'
import type { Connection, Dialect } from '../dialect/dialect.ts'
import { diff } from '../diff/index.ts'
import { definitionOf } from '../ops/index.ts'
import { compileOperations, operationsFor } from '../plan/compile.ts'
import type { Compilation, Target } from '../plan/compile.ts'
import { placeOf } from '../plan/placed.ts'
import type { Placed } from '../plan/placed.ts'
import { withNaming } from '../run/session/session.ts'
import type { History } from '../run/session/session.ts'

/** The operations of each revision's upgrade for a dialect; none of them is of unknown effect. */
export type Upgrades = ReadonlyMap<string, readonly Placed[]>

/** Works on an empty database that is dropped afterwards. */
export type Scratch = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>

/** What people are told when the scratch database is needed. */
export const REPLAYED =
  'the history has SQL whose effect is not declared: it is replayed in a scratch database'

export interface MeasureOptions extends Target {
  readonly history: History
  readonly naming: Naming | undefined
  readonly scratch: Scratch
  /** Told when the scratch database is needed: the SQL that is to blame. */
  note(blamed: Placed): void
}

function isOpaque({ operation }: Placed): boolean {
  return definitionOf(operation).opaque?.(operation) ?? false
}

/**
 * The operations of all revisions of a history. SQL of unknown effect is replaced by the operations that do what it did
 * in a scratch database.
 * @throws the problems of the files; what fails in the scratch database, at its operation
 */
export async function knownUpgrades(options: MeasureOptions): Promise<Upgrades> {
  const { history } = options
  const revisions = [...history.graph.revisions].sort((a, b) => a.rank - b.rank)
  const documents = await history.load(revisions.map((one) => one.id))
  const upgrades = new Map(
    revisions.map(({ id }) => [id, operationsFor(documents.get(id)!.upgrade, options)]),
  )
  const all = [...upgrades.values()].flat()
  const blamed = all.find(isOpaque)
  if (blamed === undefined) return upgrades
  const missing = all.filter(isOpaque).flatMap((one) => one.missing ?? [])
  if (missing.length > 0) faults(missing, EXIT.usage)
  options.note(blamed)
  return await locateAsync(
    (problem) => explained(problem, blamed),
    () => options.scratch((connection) => measured(upgrades, connection, options)),
  )
}

function explained(problem: Problem, blamed: Placed): Problem {
  const at = placeOf(blamed)
  const place = at === undefined ? 'a revision' : `${at.file}:${at.line}:${at.col}`
  // SQL that stands nowhere makes the database itself: who lacks the right had better do without.
  const { hint } = problem.code === 'sql-failed' && problem.at === undefined ? { hint: undefined } : problem
  return {
    ...problem,
    notes: [
      ...(problem.notes ?? []),
      `the history was being replayed in a scratch database: what the SQL at ${place} does to the schema is not declared`,
    ],
    hint: hint ?? 'declare what it does with `effects:`; then no database is needed for that',
  }
}

async function measured(
  upgrades: ReadonlyMap<string, readonly Placed[]>,
  connection: Connection,
  { dialect, naming }: MeasureOptions,
): Promise<Upgrades> {
  let model = withNaming(EMPTY, naming)
  const known = new Map<string, readonly Placed[]>()
  for (const [id, operations] of upgrades) {
    const own: Placed[] = []
    for (const placed of operations) {
      const instead = isOpaque(placed) ? await effectOf(placed, model, connection, dialect) : undefined
      // What changes rows only is not needed for the schema.
      const isSkipped = placed.missing !== undefined
      if (instead === undefined && !isSkipped) await perform(placed, model, connection, dialect)
      for (const one of instead ?? [placed]) {
        model = locate(one.locate, () => definitionOf(one.operation).apply(one.operation, model))
        own.push(one)
      }
    }
    known.set(id, own)
  }
  return known
}

/** The operations that do to the schema what the SQL did; each stands where the SQL does. */
async function effectOf(
  placed: Placed,
  model: Model,
  connection: Connection,
  dialect: Dialect,
): Promise<Placed[]> {
  const before = await dialect.introspect(connection)
  await perform(placed, model, connection, dialect)
  const after = await dialect.introspect(connection)
  const { operations } = diff(before, after, dialect, { noRenames: true, server: connection.server })
  return operations.map((operation) => ({
    operation,
    locate: (problem) => placed.locate({ ...problem, path: [] }),
  }))
}

/** Runs an operation by itself. */
async function perform(
  placed: Placed,
  model: Model,
  connection: Connection,
  dialect: Dialect,
): Promise<void> {
  const target = { dialect, server: connection.server }
  const compilation = compileOperations([placed], model, target, { blind: true })
  await locateAsync(placed.locate, () => runAll(compilation, connection))
}

async function runAll({ statements, rebuilds }: Compilation, connection: Connection): Promise<void> {
  if (!rebuilds) {
    for (const { sql } of statements) await connection.run([sql])
    return
  }
  await connection.begin({ rebuild: true })
  try {
    await connection.run(statements.map(({ sql }) => sql))
  } catch (error) {
    if (error instanceof ProblemError) await connection.rollback()
    throw error
  }
  await connection.commit()
}
