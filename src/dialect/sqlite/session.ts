/** An open SQLite or libSQL database: a {@link Connection} over the driver's client. */
import { fault } from '../../problem.ts'
import type { Scalar } from '../../model/model.ts'
import type {
  BeginOptions,
  Connection,
  Lock,
  LockOptions,
  Row,
  Server,
  WholeTransaction,
} from '../dialect.ts'
import type { Client, Transaction } from './driver.ts'
import { changeAlone, openWrite } from './begin.ts'
import { fail, isGone } from './failure.ts'
import { faultViolations, newViolations, NO_VIOLATIONS, violations } from './foreign-keys.ts'
import type { Rebuilding } from './foreign-keys.ts'
import { faultFullText, IS_FULL_TEXT, watchFullText } from './full-text.ts'
import type { FullTextWatch } from './full-text.ts'
import { takeLease } from './lease.ts'
import { fileLock } from './lock.ts'
import { checkMade, makesCode, rebuildTable } from './made-code.ts'
import { AT_OPENING, endLeftLog } from './new-file.ts'
import { patience } from './patience.ts'
import type { Patience } from './patience.ts'
import { partsOf, together } from './together.ts'
import type { Part } from './together.ts'
import type { Target } from './url.ts'
import { bound, isCounted, rowsChanged, toRows, versionNumber } from './values.ts'
import { isQuick, keeping, script } from './whole.ts'
import type { Kept } from './whole.ts'

const FOREIGN_KEYS_ON = 'PRAGMA foreign_keys = ON'

export interface SessionOptions {
  /** How the database is called in messages. */
  readonly shown: string
  /** How long a statement waits for a lock, in milliseconds. */
  readonly patience: number
  /** Opens a file beside the database. */
  readonly open: (path: string) => Promise<Client>
  /** How long the lock of the file may be kept between transactions, in milliseconds. */
  readonly hold: number
}

export class Session implements Connection {
  readonly url: string
  readonly pipelines = false
  server: Server = { dialect: 'sqlite', version: 0 }
  readonly #client: Client
  readonly #target: Target
  readonly #patience: Patience
  #transaction: Transaction | undefined
  #rebuilding: Rebuilding | undefined
  readonly #kept: Kept
  #wasKilled = false
  readonly #fullText: FullTextWatch
  /** What every transaction begins with: it proves that the lease is ours. */
  #fence: string | undefined
  readonly #beside: SessionOptions['open']

  constructor(client: Client, target: Target, options: SessionOptions) {
    this.#client = client
    this.#target = target
    this.#patience = patience(options.patience, target)
    this.#beside = options.open
    this.#kept = keeping((sql) => this.query(sql), options.hold)
    this.#fullText = watchFullText((sql) => this.query(sql))
    this.url = options.shown
  }

  /** The first round trip: whether it is a database, and which version serves it. */
  async greet(): Promise<void> {
    const [row] = await this.query(
      `SELECT sqlite_version() AS version, total(${IS_FULL_TEXT}) AS full_text, ${AT_OPENING} FROM sqlite_schema`,
    )
    this.#kept.isNew = Number(row?.is_new) === 1
    this.#wasKilled = Number(row?.was_killed) > 0
    this.#fullText.exist = Number(row?.full_text) > 0
    this.server = { dialect: 'sqlite', version: versionNumber(String(row?.version)) }
    if (this.#target.kind === 'file' && this.#target.readonly) await this.query('PRAGMA query_only = ON')
  }

  async query(sql: string, parameters: readonly Scalar[] = []): Promise<readonly Row[]> {
    const args = parameters.map(bound)
    return toRows(await this.#patience.wait(() => this.#here.execute({ sql, args }), { sql }))
  }

  /** A text may hold several statements; the driver would run only the first, so they are split here. */
  async run(statements: readonly string[]): Promise<readonly number[]> {
    await this.#kept.letLockGo()
    const parts = partsOf(statements).filter(({ sql }) => !this.#patience.set(sql))
    const made = rebuildTable(parts) ? [] : parts.filter(({ sql }) => makesCode(sql))
    const changed = statements.map(() => 0)
    const add = ({ index }: Part, rows: number) => void (changed[index] = changed[index]! + rows)
    const transaction = this.#transaction
    if (transaction !== undefined) await this.#fullText.before(parts.map(({ sql }) => sql))
    if (this.#target.kind === 'remote' && transaction !== undefined && parts.length > 0) {
      const alone = (part: Part) => this.#patience.wait(() => transaction.execute(part.sql), part)
      const results = await together(transaction, parts, this.#target, alone)
      results.forEach((result, i) => add(parts[i]!, rowsChanged(parts[i]!.sql, result)))
      for (const part of made) await this.#checkMade(part)
      return changed
    }
    for (const part of parts) {
      const apart = transaction === undefined && (made.includes(part) || this.#fullText.concerns([part.sql]))
      add(part, await (apart ? this.#transactAlone(part) : this.#runOne(part)))
      if (!apart && made.includes(part)) await this.#checkMade(part)
    }
    return changed
  }

  /** What is looked at when it is done needs a transaction, else it could not be undone. */
  async #transactAlone({ sql }: Part): Promise<number> {
    await this.begin()
    try {
      const [rows = 0] = await this.run([sql])
      await this.commit()
      return rows
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  async #checkMade(part: Part): Promise<void> {
    const compile = (sql: string) => this.#patience.wait(() => this.#here.executeMultiple(sql), { sql })
    await checkMade({ query: (sql) => this.query(sql), compile }, part)
  }

  /** @returns how many rows it changed, where the driver counts them */
  async #runOne(part: Part): Promise<number> {
    if (isCounted(part.sql)) return await this.#patience.wait(() => this.#change(part.sql), part)
    // Twice as quick as execute(), which prepares a statement that lives until it is collected.
    await this.#patience.wait(() => this.#here.executeMultiple(part.sql), part)
    return 0
  }

  /** @returns how many rows the statement changed */
  async #change(sql: string): Promise<number> {
    const alone = this.#target.kind !== 'remote' && this.#transaction === undefined
    return alone ? await changeAlone(this.#client, sql) : rowsChanged(sql, await this.#here.execute(sql))
  }

  /** A remote database has its own way: every transaction proves the lease, and its statements travel together. */
  takesWhole(statements: readonly string[]): boolean {
    return this.#target.kind !== 'remote' && this.#transaction === undefined && statements.every(isQuick) &&
      !this.#fullText.concerns(statements)
  }

  /** What fails is rolled back by the driver. It does not say where in a script that was: `run` does. */
  async transact(transaction: WholeTransaction): Promise<boolean> {
    await this.#kept.next(transaction.statements.map(({ sql }) => sql))
    const text = script(transaction)
    // The driver reads up to there, and rolls back what has no COMMIT.
    if (text.includes('\0')) return false
    return await this.#client.executeMultiple(text).then(() => true, () => false)
  }

  async begin({ rebuild = false, first = [] }: BeginOptions = {}): Promise<void> {
    if (this.#transaction !== undefined) fault('internal', 'a transaction is open already')
    await this.#kept.letLockGo()
    if (rebuild) await this.#beginRebuild()
    else this.#transaction = await this.#patience.wait(() => this.#write())
    if (first.length > 0) await this.run(first)
  }

  async #beginRebuild(): Promise<void> {
    const foreignKeys = await this.#foreignKeys()
    if (this.#target.kind !== 'remote') await this.query('PRAGMA foreign_keys = OFF')
    try {
      this.#transaction = await this.#patience.wait(() => this.#write('PRAGMA foreign_keys = OFF'))
      this.#rebuilding = { foreignKeys, before: NO_VIOLATIONS }
      this.#rebuilding = { foreignKeys, before: await violations((sql) => this.query(sql)) }
    } catch (error) {
      if (this.#transaction !== undefined) await this.rollback()
      else if (foreignKeys) await this.query(FOREIGN_KEYS_ON)
      throw error
    }
  }

  async commit(last: readonly string[] = []): Promise<void> {
    const transaction = this.#open()
    const rebuilding = this.#rebuilding
    const broken = await this.#fullText.broken()
    if (broken.length > 0) {
      await this.rollback()
      faultFullText(broken)
    }
    if (this.#target.kind === 'remote' && rebuilding === undefined) {
      await this.run([...last, ...(this.#fence === undefined ? [] : [this.#fence]), 'COMMIT'])
      return this.#end(transaction)
    }
    for (const sql of last) await this.#patience.wait(() => transaction.executeMultiple(sql), { sql })
    if (rebuilding !== undefined) {
      const found = newViolations(rebuilding.before, await violations((sql) => this.query(sql)))
      if (found.length > 0) {
        await this.rollback()
        faultViolations(found)
      }
    }
    // The driver's commit() gives up the transaction when a reader still holds a lock.
    await this.#patience.wait(() => transaction.executeMultiple('COMMIT'), { sql: 'COMMIT' })
    await this.#end(transaction)
  }

  /** Does nothing when the transaction was rolled back already: by a failed commit, by SQLite, by a lost connection. */
  async rollback(): Promise<void> {
    const transaction = this.#transaction
    if (transaction === undefined) return
    try {
      await transaction.rollback()
    } catch (error) {
      if (!isGone(error)) fail(error, this.#target, { sql: 'ROLLBACK' })
    } finally {
      await this.#end(transaction)
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#transaction !== undefined) await this.rollback()
      await this.#kept.end()
    } finally {
      this.#client.close()
    }
  }

  async lock(key: string, options: LockOptions): Promise<Lock> {
    if (this.#target.kind !== 'remote') {
      if (this.#wasKilled) await this.#endLeftLog()
      const lock = await fileLock(this.#target, this.#beside, options)
      if (this.#kept.isNew) await this.#lookAgain(lock)
      return lock
    }
    // A transaction that is open may be cut off: the lease goes back all the same.
    const apart = (sql: string) => this.#patience.wait(() => this.#client.execute(sql), { sql })
    return await takeLease(
      {
        query: async (sql) => toRows(await apart(sql)),
        change: async (sql) => (await apart(sql)).rowsAffected,
        fence: (statement) => void (this.#fence = statement),
        isBusy: () => this.#transaction !== undefined,
      },
      key,
      options,
    )
  }

  /** Who had the lock before may have filled the file. */
  async #lookAgain(lock: Lock): Promise<void> {
    try {
      const [row] = await this.query(`SELECT ${AT_OPENING} FROM sqlite_schema`)
      this.#kept.isNew = Number(row?.is_new) === 1
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  async #endLeftLog(): Promise<void> {
    if (this.#target.kind === 'file' && this.#target.readonly) return
    const run = (sql: string) => this.#client.executeMultiple(sql)
    await endLeftLog(run).catch((error: unknown) => fail(error, this.#target))
  }

  /** Where statements go: the transaction, while there is one. */
  get #here(): Transaction | Client {
    return this.#transaction ?? this.#client
  }

  #open(): Transaction {
    return this.#transaction ?? fault('internal', 'there is no open transaction')
  }

  #write(pragma?: string): Promise<Transaction> {
    const remote = this.#target.kind === 'remote'
    return openWrite(this.#client, { remote, pragma, fence: this.#fence })
  }

  /** A remote stream ends with its transaction and takes its pragmas along: nothing is to be put back. */
  async #foreignKeys(): Promise<boolean> {
    if (this.#target.kind === 'remote') return false
    const [row] = await this.query('PRAGMA foreign_keys')
    return row?.foreign_keys === 1
  }

  async #end(transaction: Transaction): Promise<void> {
    const rebuilding = this.#rebuilding
    this.#transaction = undefined
    this.#rebuilding = undefined
    this.#fullText.end()
    transaction.close()
    if (rebuilding?.foreignKeys) await this.query(FOREIGN_KEYS_ON)
  }
}
