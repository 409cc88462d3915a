/** A history proved in a scratch database: base to head, each step down and up again, the schema looked at after each. */
import { ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Model } from '../model/model.ts'
import type { Connection, Dialect } from '../dialect/dialect.ts'
import { diff } from '../diff/index.ts'
import { sharing } from '../diff/shadow.ts'
import type { Revision } from '../revision/graph/graph.ts'
import { splitRow } from '../revision/graph/rows.ts'
import { downgradeSteps, upgradeSteps } from '../revision/graph/steps.ts'
import type { Steps } from '../revision/graph/steps.ts'
import type { LoadedRevision } from '../revision/load.ts'
import type { Past } from '../run/prepare/past.ts'
import { run } from '../run/runner.ts'
import type { Session } from '../run/session/session.ts'
import { consequences, downgradeOf } from './consequences.ts'
import type { Consequences } from './consequences.ts'
import { difference, placeOfDowngrade } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Readable } from './history.ts'
import { readRows } from '../run/records/version-table.ts'
import { reachOf, withReferred } from './reach.ts'
import type { Reach } from './reach.ts'
import { contents, empty, fill, losses } from './rows.ts'
import type { Changes, Contents } from './rows.ts'

export interface DatabaseOptions {
  readonly readable: Readable
  /** The schemas of the history as it says. */
  readonly past: Past
  readonly dialect: Dialect
  readonly findings: Findings
  /** Whether tables get rows, which must survive: those that a revision may touch. */
  readonly data: boolean
  /** What a run needs, on a scratch database. */
  session(connection: Connection): Session
  /** Works on an empty database that is dropped afterwards. */
  scratch<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

/** What a run that may fail came to. */
type Outcome = 'done' | 'failed'

/**
 * Runs a history in scratch databases: in one, unless a downgrade fails; then the rest is done in another.
 * @throws what making a scratch database throws; what is wrong with the history is found
 */
export async function verifyInDatabase(options: DatabaseOptions): Promise<void> {
  const { length } = options.readable.revisions
  const told = new Set<string>()
  for (let from = 0; from < length;) {
    from = await options.scratch((connection) => new Walk(options, connection, told).from(from))
  }
}

class Walk {
  readonly #options: DatabaseOptions
  readonly #session: Session
  readonly #connection: Connection
  readonly #told: Set<string>
  #seen: Model | undefined
  /** What a look saw, for the run that follows it: only rows were changed meanwhile. */
  #known: Model | undefined
  /** Whether the rows had to go since they were put there. */
  #emptied = false

  /** @param told what differs from the history since an earlier revision */
  constructor(options: DatabaseOptions, connection: Connection, told: Set<string>) {
    this.#options = options
    this.#told = told
    const session = options.session(connection)
    const introspect: Dialect['introspect'] = async (...looking) => {
      const known = this.#known
      this.#known = undefined
      return known ?? await session.dialect.introspect(...looking)
    }
    this.#session = { ...session, dialect: { ...session.dialect, introspect } }
    this.#connection = connection
  }

  /** Goes up to a revision, and verifies those from there on. @returns where the next walk is to begin */
  async from(start: number): Promise<number> {
    const { readable: { revisions } } = this.#options
    const nothing = await this.#look()
    for (const one of revisions.slice(0, start)) {
      if (await this.#run(this.#up(one)) === 'failed') return revisions.length
    }
    let before = await this.#look()
    for (const [i, one] of revisions.entries()) {
      if (i < start) continue
      const after = await this.#verify(one, before)
      if (after === 'stop') return revisions.length
      if (after === 'again') return i + 1
      before = after
    }
    await this.#leaveNoTrace(nothing)
    return revisions.length
  }

  /** @returns the schema after the revision; `again` when a fresh database is needed, `stop` when it cannot go on */
  async #verify(revision: Revision, before: Model): Promise<Model | 'again' | 'stop'> {
    const { readable, dialect } = this.#options
    const document = readable.documents.get(revision.id)!
    const target = { dialect, server: this.#connection.server }
    const up = consequences(document.upgrade, before, target)
    const downgrading = downgradeOf(document, before, target)
    const reach = reachOf([document.upgrade, downgrading], before, target)
    const had = await this.#filled(before, reach)
    this.#emptied = false
    const rows = await this.#rows()
    if (await this.#runWithRows(this.#up(revision), up, document) === 'failed') return 'stop'
    const after = await this.#look()
    await this.#compareWithHistory(document, after)
    await this.#findLosses(document, had, { ...up, before, after }, 'the upgrade')
    const { downgrade } = document
    if (downgrade !== undefined && 'irreversible' in downgrade) return after
    const down = consequences(downgrading, after, target)
    const both = { turns: [...up.turns, ...down.turns], writes: up.writes || down.writes }
    const back = this.#down(revision, rows, await this.#rows())
    await this.#filled(after, reach)
    if (await this.#runWithRows(back, down, document) === 'failed') return 'again'
    const restored = await this.#look()
    const message = `the downgrade of revision "${revision.id}" does not lead back to the schema before it`
    if (!this.#isSame(restored, before, 'downgrade-differs', message, document)) return 'again'
    const between = { model: after, turns: up.turns }
    await this.#findLosses(document, had, { ...both, before, after: restored, between }, 'the downgrade')
    return await this.#upAgain(document, revision, up, after)
  }

  async #upAgain(
    document: LoadedRevision,
    revision: Revision,
    up: Consequences,
    after: Model,
  ): Promise<Model | 'again'> {
    if (await this.#runWithRows(this.#up(revision), up, document) === 'failed') return 'again'
    const again = await this.#look()
    const message = `revision "${revision.id}" does not lead to the same schema when it is applied again`
    return this.#isSame(again, after, 'upgrade-differs', message, document) ? again : 'again'
  }

  async #leaveNoTrace(nothing: Model): Promise<void> {
    const { readable: { documents, revisions }, findings } = this.#options
    const isWay = (one: LoadedRevision) => one.downgrade === undefined || 'operations' in one.downgrade
    if (!findings.isEmpty || ![...documents.values()].every(isWay)) return
    const { graph } = this.#session.history
    const find = (rows: readonly string[]) => downgradeSteps(graph, rows, 'base')
    await this.#filled(await this.#look(), ({ tables }) => tables)
    if (await this.#run(find) === 'failed') return
    const [first] = revisions
    if (first === undefined) return
    const message = 'something is left when all revisions are reverted'
    this.#isSame(await this.#look(), nothing, 'left-over', message, documents.get(first.id)!)
  }

  /** Puts rows into the tables in reach, if that is asked for. @returns all rows that there are in them */
  async #filled(model: Model, reach: Reach): Promise<readonly Contents[]> {
    const { data, dialect } = this.#options
    if (!data) return []
    const ground = { connection: this.#connection, dialect }
    const tables = reach(model)
    await fill(ground, model, withReferred(tables, model))
    return await contents(ground, tables)
  }

  async #findLosses(
    { id, node }: LoadedRevision,
    had: readonly Contents[],
    changes: Changes,
    what: string,
  ): Promise<void> {
    if (had.length === 0 || this.#emptied) return
    const ground = { connection: this.#connection, dialect: this.#options.dialect }
    const lost = await losses(ground, had, changes)
    this.#options.findings.add(...lost.map((line): Problem => ({
      code: 'data-lost',
      severity: 'error',
      message: `${what} of revision "${id}" loses data that nothing in it says it destroys: ${line}`,
      ...(node.at === undefined ? {} : { at: node.at }),
    })))
  }

  /** As {@link #run}; where operations say that they may refuse rows, they may: it is tried without. */
  async #runWithRows(
    find: (rows: readonly string[]) => Steps,
    { effects }: Consequences,
    { id, node }: LoadedRevision,
  ): Promise<Outcome> {
    const { data, dialect, findings } = this.#options
    const refusal = effects.find((one) => one.kind === 'refuses-rows')
    if (!data || refusal === undefined) return await this.#run(find)
    try {
      await run(this.#session, find)
      return 'done'
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const at = error.problems[0]?.at ?? node.at
      findings.add({
        code: 'refuses-rows',
        severity: 'warning',
        message: `revision "${id}" cannot run while there are rows: ${refusal.why}`,
        ...(at === undefined ? {} : { at }),
      })
    }
    this.#emptied = true
    await empty({ connection: this.#connection, dialect }, await this.#look())
    return await this.#run(find)
  }

  /** Runs steps; what goes wrong is found. */
  async #run(find: (rows: readonly string[]) => Steps): Promise<Outcome> {
    const done = await this.#options.findings.during(() => run(this.#session, find))
    return done === undefined ? 'failed' : 'done'
  }

  async #rows(): Promise<readonly string[]> {
    const { dialect, versionTable } = this.#session
    return await readRows(this.#connection, dialect, versionTable) ?? []
  }

  /** The schema now. Its tables that are as they were last time are the same objects: comparing them takes no time. */
  async #look(): Promise<Model> {
    const { dialect, versionTable, journal } = this.#session
    this.#known = undefined
    const model = await dialect.introspect(this.#connection, { except: [versionTable, journal] })
    return this.#known = this.#seen = this.#seen === undefined ? model : sharing(model, this.#seen)
  }

  #up({ id }: Revision): (rows: readonly string[]) => Steps {
    return (rows) => upgradeSteps(this.#session.history.graph, rows, id)
  }

  /** Back to the rows that there were before the revision. */
  #down({ id, down }: Revision, before: readonly string[], after: readonly string[]): () => Steps {
    const changes = splitRow(id, before.filter((one) => !after.includes(one)))
    return () => ({
      steps: [{ direction: 'down', revisions: [id], from: [id], to: down, changes }],
      warnings: [],
    })
  }

  /** Whether a schema is what it should be; it is found if not. */
  #isSame(actual: Model, wanted: Model, code: string, message: string, document: LoadedRevision): boolean {
    const { dialect, findings } = this.#options
    const way = diff(actual, wanted, dialect, { noRenames: true, server: this.#connection.server })
    const found = difference(code, message, way, () => placeOfDowngrade(document))
    if (found !== undefined) findings.add(found)
    return found === undefined
  }

  /** Whether the database is what the revision says, as far as it says it: `effects` may be wrong. */
  async #compareWithHistory({ id, node }: LoadedRevision, actual: Model): Promise<void> {
    const { past, dialect, findings } = this.#options
    const { model, opaque } = await past.at(await this.#rows())
    if (opaque.length > 0) return
    const wanted = await dialect.normalise?.(this.#connection, model, actual) ?? model
    const way = diff(actual, wanted, dialect, { noRenames: true, server: this.#connection.server })
    const message = `revision "${id}" does something else to the schema than it says`
    const found = difference('effects-differ', message, way, () => node.at)
    const notes = found?.notes?.filter((one) => !this.#told.has(one)) ?? []
    if (found === undefined || notes.length === 0) return
    notes.forEach((one) => this.#told.add(one))
    findings.add({ ...found, notes })
  }
}
