/**
 * Rows that are changed in batches: each batch and the cursor behind it are one transaction, so that a run that was
 * stopped goes on where it was.
 */
import { createHash } from 'node:crypto'
import { fault, locateAsync } from '../../problem.ts'
import { countBatch, countMatching, nextKey, updateBatch } from '../../dialect/batch-sql.ts'
import type { Key } from '../../dialect/batch-sql.ts'
import type { Batches } from '../../dialect/batches.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Placed } from '../../plan/placed.ts'
import { addJournalColumn } from '../records/journal.ts'
import { readOwn } from '../records/read-own.ts'
import { atOrigin } from '../session/lines.ts'
import { cursorUpdate, directionOf } from './running.ts'
import { persistently } from '../session/persist.ts'
import type { Running } from './running.ts'
import { beginAt, orRollback } from '../records/transaction.ts'
import { pause } from '../../stop.ts'

/** Others may write rows that match while a pass runs, behind it: so often they are looked for again. */
const PASSES = 10

/** What the journal keeps: how far a pass is. */
interface Cursor {
  /** What is done: another statement of the revision, and one that was edited since, begins anew. */
  readonly hash: string
  readonly key: Key
  /** How many rows were changed up to there. */
  readonly rows: number
}

/** A backfill under way. */
interface Filling {
  readonly running: Running
  readonly batches: Batches
  readonly what: string
  readonly hash: string
  readonly began: number
  /** Rows changed by runs before this one. */
  readonly before: number
  /** Rows to be changed, as they were counted in the beginning. */
  readonly total: number
  /** Rows changed by this run. */
  rows: number
  /** Those of them that match still. */
  still: number
}

/**
 * Changes the rows that match until none does.
 * @throws `null-in-key`; `still-matching` with how many rows do; `heads-moved`; what the database says, at the operation
 */
export async function runBatches(running: Running, batches: Batches, origin: Placed): Promise<void> {
  await locateAsync((problem) => atOrigin(problem, origin), async () => {
    const { matching, unkeyed } = await count(running, batches)
    if (unkeyed > 0) faultUnkeyed(batches, unkeyed)
    const hash = hashOf(batches)
    const cursor = await cursorOf(running, hash)
    const filling: Filling = {
      running,
      batches,
      what: definitionOf(origin.operation).describe(origin.operation),
      hash,
      began: performance.now(),
      before: cursor?.rows ?? 0,
      total: matching + (cursor?.rows ?? 0),
      rows: 0,
      still: 0,
    }
    await fill(filling, matching, cursor?.key)
    if (filling.rows + filling.before > 0) tell(filling, 0)
  })
}

async function fill(filling: Filling, matching: number, from: Key | undefined): Promise<void> {
  const { running, batches } = filling
  let left = matching
  for (let pass = 1; left > 0; pass++) {
    if (pass > PASSES) {
      const cause = 'others write such rows as fast as they are changed'
      faultMatching(
        filling,
        left,
        cause,
        'see that what writes them sets the columns, too; then run it again',
      )
    }
    await runPass(filling, pass === 1 ? from : undefined)
    left = (await count(running, batches)).matching
    if (left > 0 && filling.still > 0) faultEndless(filling, left)
  }
}

/** Once through the rows that match, in the order of the key. */
async function runPass(filling: Filling, start: Key | undefined): Promise<void> {
  const { batches, running } = filling
  for (let after = start;;) {
    // A lost connection has lost the migration lock, too: that is for the whole run to mend.
    const { lifeline: _, ...session } = running.session
    const from = after
    const last = await persistently(
      session,
      () => filling.rows,
      () => orRollback(session, () => runBatch(filling, from)),
    )
    if (last === undefined) return
    after = last
    const perRow = (performance.now() - filling.began) / Math.max(1, filling.rows)
    tell(filling, Math.max(1, perRow * (filling.total - filling.before - filling.rows)))
    if (batches.pause > 0) await pause(batches.pause, session.options.signal)
  }
}

/** One transaction. @returns the last key of the batch; undefined when no row behind `after` matches */
async function runBatch(filling: Filling, after: Key | undefined): Promise<Key | undefined> {
  const { running, batches } = filling
  const { connection, dialect: { spelling } } = running.session
  await open(running)
  const [row] = await connection.query(nextKey(spelling, batches, after))
  if (row === undefined) {
    await connection.rollback()
    return undefined
  }
  const last = batches.key.map((_, i) => String(row[`text_${i + 1}`]))
  const changed = await connection.query(updateBatch(spelling, batches, after, last))
  const still = changed.filter((one) => Number(one['still']) === 1).length
  if (still > 0 && still === changed.length) {
    // What a trigger did to the rows shows only now.
    const [now] = await connection.query(countBatch(spelling, batches, after, last))
    if (Number(now?.['matching']) >= still) {
      await connection.rollback()
      faultEndless(filling, (await count(running, batches)).matching)
    }
  }
  const { hash, before, rows } = filling
  const cursor: Cursor = { hash, key: last, rows: before + rows + changed.length - still }
  await connection.commit([cursorUpdate(running, JSON.stringify(cursor))])
  filling.rows += changed.length - still
  filling.still += still
  return last
}

/** Opens the transaction of a batch, with the revision's limits. */
async function open({ session, expected, prepared, limits }: Running): Promise<void> {
  if (!await beginAt(session, expected, { first: limits.local })) {
    fault('heads-moved', `another process moved the database while revision "${prepared.document.id}" ran`, {
      hint: 'look at `limbeck current` and at what of the revision is done',
    })
  }
}

interface Count {
  readonly matching: number
  readonly unkeyed: number
}

async function count({ session }: Running, batches: Batches): Promise<Count> {
  const [row] = await session.connection.query(countMatching(batches))
  return { matching: Number(row?.['matching']), unkeyed: Number(row?.['unkeyed']) }
}

function tell({ running, what, rows, before, total }: Filling, left: number): void {
  running.session.options.reporter.rows?.({ what, rows: rows + before, total, left })
}

/** What decides whether a cursor is of the same work: not how large a batch is. */
function hashOf({ size: _, pause: __, ...rest }: Batches): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16)
}

/** Where a run of this revision that did not end was; a journal that cannot hold it yet is made to. */
async function cursorOf(running: Running, hash: string): Promise<Cursor | undefined> {
  const { connection, dialect, journal, options } = running.session
  const sql = dialect.spelling
  const is = (name: string, value: string) => `${sql.name(name)} = ${sql.literal(value)}`
  const which = `${is('revision', running.prepared.step.revisions.join(','))} AND ${
    is('direction', directionOf(running.prepared))
  }`
  const query = `SELECT * FROM ${sql.qualified(journal)} WHERE ${which} ORDER BY ${
    sql.name('entry')
  } DESC LIMIT 100`
  const rows = await readOwn(connection, dialect, query, options.settings)
  if (rows[0] !== undefined && !('cursor' in rows[0])) {
    await connection.run([addJournalColumn(sql, journal, 'cursor')])
  }
  const done = rows.findIndex((one) => one['status'] === 'done')
  const cursors = (done === -1 ? rows : rows.slice(0, done)).map((one) => one['cursor'])
    .filter((one) => typeof one === 'string')
    .map((text) => JSON.parse(text) as Cursor)
  return cursors.find((one) => one.hash === hash)
}

/** `3 rows of "users"`, `one row of app."Users"`. */
function rowsOf({ table }: Batches, count: number): string {
  const name = table.includes('"') ? table : `"${table}"`
  return count === 1 ? `one row of ${name}` : `${count} rows of ${name}`
}

function faultUnkeyed(batches: Batches, unkeyed: number): never {
  const verb = unkeyed === 1 ? 'has' : 'have'
  const message = `${rowsOf(batches, unkeyed)} ${verb} NULL in the key (${batches.key.join(', ')})`
  return fault('null-in-key', message, {
    notes: ['in the order of the key they would never be come to'],
    hint: 'name columns without NULLs: `key: [a, b]`',
  })
}

function faultEndless(filling: Filling, left: number): never {
  return faultMatching(
    filling,
    left,
    'what is set does not make it false',
    'leave out of `where` what cannot be set, or set it to what `where` does not look for; then run it again',
  )
}

function faultMatching({ batches, rows }: Filling, left: number, cause: string, hint: string): never {
  const verb = left === 1 ? 'matches' : 'match'
  return fault('still-matching', `${rowsOf(batches, left)} ${verb} \`where\` still: ${cause}`, {
    notes: rows === 0 ? [] : [`${rows === 1 ? 'one row was' : `${rows} rows were`} changed, and stay so`],
    hint,
  })
}
