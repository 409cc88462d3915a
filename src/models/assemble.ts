/** Items of models documents → the schema that they declare. Their order does not matter. */
import { groupBy } from '../group.ts'
import { EXIT, faults, locate, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { EMPTY } from '../model/model.ts'
import type { DialectName, Model, Naming, QualifiedName } from '../model/model.ts'
import { shown } from '../model/edit.ts'
import type { Section } from '../ops/definition.ts'
import type { Item } from './document.ts'
import { contradiction } from './earlier-names.ts'
import { unnamed } from '../ops/parts/default-schema.ts'
import { SECTIONS } from './sections.ts'
import { addTables } from './tables.ts'

/**
 * The model that items make. What is wrong with one kind of things is said at once; the next kind is not looked at then,
 * since most of what would be found is that those things are missing.
 * @param options.home the default schema, which may be named in them
 * @throws faults with exit code 2: `defined-twice`, what is referred to and not there (`no-such-table`, …), and all else
 *   that `apply` of the create operations throws, at its place
 */
export function assemble(
  items: readonly Item[],
  dialect: DialectName,
  { naming, home }: { readonly naming?: Naming; readonly home?: string } = {},
): Model {
  const own = items.filter(({ operation }) => operation.only === undefined || operation.only === dialect)
    .map((one) => ({ ...one, operation: unnamed(one.operation, home) }))
  stopIfAny(twice(own))
  const sections = groupBy(own, (one) => one.section)
  let model: Model = naming === undefined ? EMPTY : { ...EMPTY, naming }
  for (const { section } of SECTIONS) {
    const problems: Problem[] = []
    const items = sections.get(section) ?? []
    model = section === 'tables' ? addTables(model, items, problems) : addAll(model, items, own, problems)
    stopIfAny(problems)
  }
  stopIfAny(stillThere(model, own))
  return withHints(model, own)
}

function stopIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) faults(problems, EXIT.usage)
}

/** The names that an operation has; functions are told apart by their arguments too. */
interface Names {
  readonly schema?: string
  readonly name?: string
  readonly table?: string
  readonly arguments?: unknown
}

function twice(items: readonly Item[]): Problem[] {
  const first = new Map<string, Item>()
  return items.flatMap((item): Problem[] => {
    const { schema, name, table, arguments: types } = item.operation as Names
    if (!item.definition.kind.startsWith('create_') || types !== undefined) return []
    const key = JSON.stringify([item.section, schema, name, table])
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, item)
      return []
    }
    return both(item, other)
  })
}

/** The problem at both places. */
function both(item: Item, first: Item): Problem[] {
  const at = (one: Item, what: string, hint?: string): Problem =>
    one.locate({
      code: 'defined-twice',
      severity: 'error',
      message: `${label(one)} is defined ${what}`,
      path: ['name'],
      ...(hint === undefined ? {} : { hint }),
    })
  return [at(item, 'twice', 'take one of the two out'), at(first, 'here first')]
}

/** `materialized view "app.sums"`. */
function label({ definition, operation }: Item): string {
  const { schema, name = '' } = operation as Names
  const kind = definition.kind.replace('create_', '').replaceAll('_', ' ')
  return `${kind} "${shown(schema === undefined ? { name } : { schema, name })}"`
}

/** Applies items one after the other; one that lacks something waits for those after it. */
function addAll(
  start: Model,
  items: readonly Item[],
  all: readonly Item[],
  problems: Problem[],
): Model {
  let model = start
  let waiting = items
  for (;;) {
    const lacking: Item[] = []
    const missed: Problem[] = []
    for (const item of waiting) {
      try {
        model = locate(item.locate, () => item.definition.apply(item.operation, model))
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        if (error.problems.every((one) => one.code.startsWith('no-such-'))) {
          lacking.push(item)
          missed.push(...error.problems)
        } else problems.push(...withRival(error.problems, item, all))
      }
    }
    if (lacking.length === 0) return model
    if (lacking.length === waiting.length) {
      problems.push(...missed)
      return model
    }
    waiting = lacking
  }
}

/** A name that exists already is defined somewhere else: that place is told too. */
function withRival(problems: readonly Problem[], item: Item, all: readonly Item[]): Problem[] {
  if (!problems.some((one) => one.code.endsWith('-exists') && one.path?.join() === 'name')) {
    return [...problems]
  }
  const { schema, name } = item.operation as Names
  const rival = all.find((one) => {
    const other = one.operation as Names
    return one !== item && other.name === name && other.schema === schema
  })
  return rival === undefined ? [...problems] : both(item, rival)
}

/** The model with what its enums were called before. Tables have theirs: `tables.ts`. */
function withHints(model: Model, items: readonly Item[]): Model {
  const old = new Map(items.flatMap(({ section, was, operation }) => {
    if (section !== 'enums' || was?.own === undefined) return []
    const { schema, name = '' } = operation as Names
    return [[shown(schema === undefined ? { name } : { schema, name }), was.own] as const]
  }))
  if (old.size === 0) return model
  const enums = model.enums.map((one) => {
    const was = old.get(shown(one))
    return was === undefined ? one : { ...one, was }
  })
  return { ...model, enums }
}

/** Tables and enums that were called what others are called still. */
function stillThere(model: Model, items: readonly Item[]): Problem[] {
  const of = (section: Section) => items.filter((one) => one.section === section)
  return [
    ...stillCalled('table', model.tables, of('tables')),
    ...stillCalled('enum', model.enums, of('enums')),
  ]
}

function stillCalled(
  kind: 'table' | 'enum',
  there: readonly QualifiedName[],
  items: readonly Item[],
): Problem[] {
  const names = new Set(there.map(shown))
  const called = ({ operation }: Item, name: string) => {
    const { schema } = operation as Names
    return shown(schema === undefined ? { name } : { schema, name })
  }
  const was = new Map(items.flatMap((item): [string, string][] => {
    const { name } = item.operation as Names
    const old = item.was?.own
    return old === undefined || name === undefined ? [] : [[called(item, name), called(item, old)]]
  }))
  return items.flatMap((item): Problem[] => {
    const old = item.was?.own
    if (old === undefined || !names.has(called(item, old))) return []
    const wrong = contradiction(kind, called(item, (item.operation as Names).name!), was, (name) => name)
    return wrong === undefined
      ? []
      : [item.locate({ code: 'contradiction', severity: 'error', path: ['was'], ...wrong })]
  })
}
