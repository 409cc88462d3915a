/**
 * What goes with things that are not compared: the types of their columns, the sequences that they count by, the functions
 * that they call, and what is granted on them. Nobody has to name it so that it stays.
 */
import { asGranted, grantedWith } from '../model/grant.ts'
import type { Granted } from '../model/grant.ts'
import type { Grant, Model, QualifiedName } from '../model/model.ts'
import { grantedRoutine, signature } from '../model/routine.ts'
import { schemasOf } from '../model/schemas-of.ts'
import { element } from '../model/types.ts'
import { extensionUsers } from '../ops/parts/extension-users.ts'
import { creationWords } from './functions.ts'
import { expressionsOf, has, wordsOf } from './mention.ts'
import { keyOf } from '../model/identical.ts'

/**
 * The desired schema with what goes with things that are left alone, as it is in the current one.
 * @param wanted the desired schema, with those things as they are
 * @param left those things; of a table that is compared, the parts that are not
 */
export function withTheirs(wanted: Model, current: Model, left: Model): Model {
  const missing = missingIn(wanted, current)
  const all = withNeeded(left, missing)
  const joined = <T>(here: readonly T[], there: readonly T[], found: readonly T[]) => {
    const more = there.filter((one) => found.includes(one))
    return more.length === 0 ? here : [...here, ...more]
  }
  const schemas = [...schemasOf(all)]
  return {
    ...wanted,
    schemas: joined(wanted.schemas, missing.schemas, schemas),
    extensions: joined(
      wanted.extensions,
      missing.extensions,
      missing.extensions.filter(({ name }) => extensionUsers(all, name).length > 0),
    ),
    enums: joined(wanted.enums, missing.enums, all.enums),
    domains: joined(wanted.domains, missing.domains, all.domains),
    sequences: joined(wanted.sequences, missing.sequences, all.sequences),
    functions: joined(wanted.functions, missing.functions, all.functions),
    grants: grantsOf(wanted, current, all),
  }
}

/** The current schema without what the desired one names, too. */
function missingIn(wanted: Model, current: Model): Model {
  const without = <T>(here: readonly T[], there: readonly T[], key: (one: T) => string) => {
    const named = new Set(there.map(key))
    return here.filter((one) => !named.has(key(one)))
  }
  return {
    ...current,
    schemas: without(current.schemas, wanted.schemas, (name) => name),
    extensions: without(current.extensions, wanted.extensions, ({ name }) => name),
    enums: without(current.enums, wanted.enums, keyOf),
    domains: without(current.domains, wanted.domains, keyOf),
    sequences: without(current.sequences, wanted.sequences, keyOf),
    functions: without(current.functions, wanted.functions, signature),
  }
}

/** What is left alone, with what is named in it or owned by it, and what that names. */
function withNeeded(left: Model, missing: Model): Model {
  const words = wordsIn(left)
  const owners = new Set(left.tables.flatMap((one) => one.columns.map(({ name }) => columnKey(one, name))))
  const isNamed = ({ name }: QualifiedName) => has(words, name)
  const more = <T>(here: readonly T[], there: readonly T[], goesWith: (one: T) => boolean) => [
    ...here,
    ...there.filter((one) => !here.includes(one) && goesWith(one)),
  ]
  const next: Model = {
    ...left,
    enums: more(left.enums, missing.enums, isNamed),
    domains: more(left.domains, missing.domains, isNamed),
    sequences: more(
      left.sequences,
      missing.sequences,
      (one) =>
        isNamed(one) || (one.ownedBy !== undefined &&
          owners.has(columnKey({ ...one, name: one.ownedBy.table }, one.ownedBy.column))),
    ),
    functions: more(left.functions, missing.functions, isNamed),
  }
  return countOf(next) === countOf(left) ? left : withNeeded(next, missing)
}

function countOf({ enums, domains, sequences, functions }: Model): number {
  return enums.length + domains.length + sequences.length + functions.length
}

function columnKey(table: QualifiedName, column: string): string {
  return `${keyOf(table)}\0${column}`
}

/** The names that may be called in it: of types and in texts. */
function wordsIn({ tables, views, materializedViews, domains, functions, triggers }: Model): Set<string> {
  const columns = tables.flatMap((one) => one.columns)
  const types = [...columns, ...domains].flatMap(({ type }) => {
    const base = element(type)
    return base.kind === 'enum' || base.kind === 'domain' ? [base.name] : []
  })
  const texts = [
    ...tables.flatMap(expressionsOf),
    ...views.map((one) => one.query),
    ...materializedViews.map((one) => one.query),
    ...domains.flatMap((one) => [
      ...one.checks.map(({ expression }) => expression),
      one.default !== undefined && 'expression' in one.default ? one.default.expression : undefined,
    ]),
    ...triggers.map((one) => one.sql ?? one.when),
  ]
  const called = triggers.flatMap((one) => one.sql === undefined && one.function ? [one.function.name] : [])
  const words = wordsOf(...texts)
  for (const one of functions) {
    for (const word of [...creationWords(one), ...wordsOf(one.body)]) words.add(word)
  }
  for (const name of [...types, ...called]) words.add(name)
  return words
}

/** What is granted on things that are left alone is as it is. */
function grantsOf(wanted: Model, current: Model, left: Model): readonly Grant[] {
  if (current.grants.length + wanted.grants.length === 0) return wanted.grants
  const whole = new Set(current.tables)
  const objects = new Set(
    [
      ...left.tables.filter((one) => whole.has(one)).flatMap(grantedWith),
      ...[...left.views, ...left.materializedViews].map((one): Granted => ({ ...one, on: 'table' })),
      ...left.sequences.map(asGranted),
      ...left.functions.map(grantedRoutine),
      ...[...left.enums, ...left.domains].map((one): Granted => ({ ...one, on: 'type' })),
      ...left.schemas.map((name): Granted => ({ on: 'schema', name })),
    ].map(grantedKey),
  )
  const kept = current.grants.filter((one) => objects.has(grantedKey(one)) && !wanted.grants.includes(one))
  return [
    ...wanted.grants.filter((one) => !objects.has(grantedKey(one)) || current.grants.includes(one)),
    ...kept,
  ]
}

function grantedKey({ on, schema = '', name, arguments: types = [] }: Granted): string {
  return [on, schema, name, types.join(', ')].join('\0')
}
