/**
 * The tables of models, in any order: each is made without its references first and with them afterwards, so that
 * tables may refer to each other in circles. Each is made beside the few tables that it refers to, and not beside all,
 * which would take time by the square of their number.
 */
import { fault, locate, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { constraints, findColumn, shown } from '../model/edit.ts'
import type { Model, Table } from '../model/model.ts'
import { pointsAhead } from '../ops/create-table.ts'
import { addTable } from '../ops/parts/table.ts'
import type { TableSpec } from '../ops/parts/table.ts'
import type { Item } from './document.ts'
import { contradiction } from './earlier-names.ts'

interface Declared {
  readonly item: Item
  readonly spec: TableSpec
  /** The names of the tables that it refers to, and of its parents. */
  readonly refers: ReadonlySet<string>
  /** Without foreign keys. */
  readonly bare: Table
}

/**
 * The model with the tables, and with the enums that their columns bring.
 * @param problems gets what is wrong with a table; the table is left out
 */
export function addTables(model: Model, items: readonly Item[], problems: Problem[]): Model {
  let enums = model.enums
  const all: Declared[] = []
  for (const item of items) {
    attempt(item, problems, () => {
      const spec = item.operation as unknown as TableSpec
      const refers = referred(spec)
      const alone = refers.size === 0 ? spec : withoutReferences(spec)
      const made = addTable({ ...model, enums, tables: NONE }, alone, { ...WANTED, alone: true })
      enums = made.enums
      all.push({ item, spec, refers, bare: made.tables[0]! })
    })
  }
  if (problems.length > 0) return model
  const scene: Scene = { model: { ...model, enums }, all, byName: byName(all) }
  const taken = new Taken()
  const tables: Table[] = []
  for (const one of all) {
    attempt(one.item, problems, () => {
      const table = complete(one, scene)
      const settled = taken.collides(table) ? among(one, scene, tables) : table
      taken.add(settled)
      tables.push(withHints(settled, one.item))
    })
  }
  return { ...model, enums, tables }
}

const WANTED = { asWanted: true }
const NONE: readonly Table[] = []

function attempt(item: Item, problems: Problem[], work: () => void): void {
  try {
    locate(item.locate, work)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    problems.push(...error.problems)
  }
}

function withoutReferences({ foreign_keys: _, ...spec }: TableSpec): TableSpec {
  return { ...spec, columns: spec.columns.map(({ references: _, ...column }) => column) }
}

interface Scene {
  readonly model: Model
  readonly all: readonly Declared[]
  readonly byName: ReadonlyMap<string, Declared>
}

function byName(all: readonly Declared[]): Map<string, Declared> {
  return new Map(all.map((one) => [shown(one.bare), one]))
}

/** See {@link Declared.refers}. */
function referred({ columns, foreign_keys: keys = [], inherits = [] }: TableSpec): ReadonlySet<string> {
  const found = new Set(inherits)
  for (const { references: { schema, table: name } } of keys) found.add(shown({ schema, name }))
  for (const { references } of columns) {
    if (references !== undefined) found.add(shown({ schema: references.schema, name: references.table }))
  }
  return found
}

/** The table with its references. Should that fail, it is said as if all tables were there: one may be misspelt. */
function complete(one: Declared, scene: Scene): Table {
  if (one.refers.size === 0) return one.bare
  const targets = [...one.refers].flatMap((name) => scene.byName.get(name) ?? []).filter((each) =>
    each !== one
  )
  try {
    return made(one, { ...scene.model, tables: targets.map(({ bare }) => bare) })
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return among(one, scene, [])
  }
}

/** The table beside all others. @param done those that have their final names */
function among(one: Declared, { model, all }: Scene, done: readonly Table[]): Table {
  const others = all.map(({ bare }) => bare).slice(done.length).filter((each) => each !== one.bare)
  return made(one, { ...model, tables: [...done, ...others] })
}

function made({ spec, item }: Declared, beside: Model): Table {
  return addTable(beside, spec, { ...WANTED, forward: pointsAhead(item.operation.only) }).tables.at(-1)!
}

/** The names in use, by schema. */
class Taken {
  readonly #relations = new Set<string>()
  readonly #constraints = new Set<string>()

  /** Whether a name that the table was given may be another one when all tables are looked at, or is taken. */
  collides(table: Table): boolean {
    const key = keyIn(table)
    const known = (name: string) => this.#relations.has(key(name)) || this.#constraints.has(key(name))
    return table.indexes.some((one) => this.#relations.has(key(one.name))) ||
      constraints(table).some(({ constraint }) => constraint.implicit === true && known(constraint.name))
  }

  add(table: Table): void {
    const key = keyIn(table)
    this.#relations.add(key(table.name))
    for (const one of table.indexes) this.#relations.add(key(one.name))
    for (const { constraint } of constraints(table)) this.#constraints.add(key(constraint.name))
  }
}

function keyIn({ schema = '' }: Table): (name: string) => string {
  return (name) => `${schema}\0${name}`
}

/** The table with what it and its columns were called before. @throws `contradiction` when the old name is there too */
function withHints(table: Table, { was }: Item): Table {
  if (was === undefined) return table
  const columns = table.columns.map((one, i) => {
    const old = was.columns.get(one.name)
    if (old === undefined) return one
    const wrong = findColumn(table, old) &&
      contradiction('column', one.name, was.columns, (name) => `${shown(table)}.${name}`)
    if (wrong !== undefined) {
      fault('contradiction', wrong.message, { path: ['columns', i, 'was'], hint: wrong.hint })
    }
    return { ...one, was: old }
  })
  return { ...table, columns, ...(was.own === undefined ? {} : { was: was.own }) }
}
