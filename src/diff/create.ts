/** What is to be created or changed, with what each of it needs: for the order. */
import type { Domain, Sequence, Table } from '../model/model.ts'
import { alterDomain, alteredDomains, columnsOf, createDomain } from './domains.ts'
import { createRoutine, creationWords, declaredWords, newRoutines, signatureWords } from './functions.ts'
import { expressionsOf, Names, wordsOf } from './mention.ts'
import type { Node } from './order.ts'
import { ancestorsOf } from '../model/inherited.ts'
import { signature } from '../model/routine.ts'
import { element } from '../model/types.ts'
import { createSequence, newSequences } from './sequences.ts'
import { changedTables, clearTable, createTable, fillTable, newTables } from './tables.ts'
import { createView, missingViews, queryWords, viewKey } from './views.ts'
import { byKey, keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

/** One thing to be created, its words, and the names others call it by. */
interface Thing extends Omit<Node, 'needs' | 'wants'> {
  readonly name: string
  /** The words in its texts. */
  readonly words: ReadonlySet<string>
  /** Words that had better be there before. */
  readonly mild?: ReadonlySet<string>
  /** Further keys. */
  readonly needs?: readonly string[]
  readonly wants?: readonly string[]
}

export interface CreateNodes {
  readonly nodes: readonly Node[]
  /** Names of types that something else than a column needs. */
  readonly types: ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

const RANK = { domain: 0, sequence: 1, routine: 2, table: 3, changed: 4, view: 5 } as const

export function createNodes(work: Work): CreateNodes {
  const domains = newDomains(work)
  const routines = newRoutines(work)
  const things = [
    ...domains.map((one) => domainThing(work, one)),
    ...alteredDomains(work).map((one): Thing => ({
      ...domainThing(work, one.to),
      build: () => alterDomain(work, one),
    })),
    ...newSequences(work).map((one) => sequenceThing(work, one)),
    ...routines.map((one): Thing => ({
      key: `routine ${signature(one)}`,
      name: one.name,
      rank: RANK.routine,
      words: creationWords(one),
      mild: declaredWords(one),
      build: () => createRoutine(work, one),
    })),
    ...newTables(work).map((one) => tableThing(work, one, true)),
    ...changedTables(work).map(({ to }) => tableThing(work, to, false)),
    ...missingViews(work).map((one): Thing => ({
      key: viewKey(one),
      name: one.view.name,
      rank: RANK.view,
      words: queryWords(one),
      build: () => createView(work, one),
    })),
  ]
  const names = new Names()
  for (const one of things) names.add(one.name, one.key)
  const nodes = things.map(({ words, mild = NONE, needs = [], wants = [], ...one }): Node => ({
    ...one,
    needs: new Set([...names.named(words, one.key), ...needs]),
    wants: new Set([...names.named(mild, one.key), ...wants]),
  }))
  const types = new Set(domains.flatMap((one) => one.type.kind === 'enum' ? [one.type.name] : []))
  for (const one of routines) {
    for (const word of [...signatureWords(one), ...declaredWords(one)]) types.add(word)
  }
  return { nodes, types }
}

/** The domains that are missing; where they are only known of, those that a new column is of. */
function newDomains(work: Work): Domain[] {
  const here = byKey(work.model.domains)
  const missing = work.desired.domains.filter((one) => !here.has(keyOf(one)))
  if (!work.dialect.forgets || missing.length === 0) return missing
  const tables = [...newTables(work), ...changedTables(work).map((one) => one.to)]
  return missing.filter((one) => tables.some((table) => columnsOf(table, one).length > 0))
}

function domainThing(work: Work, one: Domain): Thing {
  const base = element(one.type)
  const value = one.default !== undefined && 'expression' in one.default ? one.default.expression : undefined
  return {
    key: `domain ${keyOf(one)}`,
    name: one.name,
    rank: RANK.domain,
    words: wordsOf(value, ...one.checks.map((check) => check.expression)),
    needs: base.kind === 'domain' ? [`domain ${keyOf(base)}`] : [],
    build: () => createDomain(work, one),
  }
}

function sequenceThing(work: Work, one: Sequence): Thing {
  return {
    key: `sequence ${keyOf(one)}`,
    name: one.name,
    rank: RANK.sequence,
    words: new Set(),
    build: () => createSequence(work, one),
  }
}

/** A table needs the types of its columns, and what its expressions name; it wants what it refers to. */
function tableThing(work: Work, table: Table, isNew: boolean): Thing {
  const domains = table.columns.flatMap(({ type }) => {
    const base = element(type)
    return base.kind === 'domain' ? [`domain ${keyOf(base)}`] : []
  })
  const own = new Set(table.columns.map((one) => one.name))
  const words = wordsOf(...expressionsOf(table))
  return {
    key: `table ${keyOf(table)}`,
    name: table.name,
    rank: isNew ? RANK.table : RANK.changed,
    words: new Set([...words].filter((word) => !own.has(word))),
    needs: [...domains, ...ancestorsOf(work.desired, table).map((one) => `table ${keyOf(one)}`)],
    wants: table.foreignKeys.map((key) => `table ${keyOf(key.references)}`),
    build() {
      if (isNew) createTable(work, table)
      else {
        clearTable(work, table)
        fillTable(work, table)
      }
    },
  }
}
