/** GRANT and REVOKE in raw SQL: what they do to the privileges of the model, by the operations that say the same. */
import { find } from '../../model/edit.ts'
import { grantedWith } from '../../model/grant.ts'
import type { GrantKind, Model, QualifiedName } from '../../model/model.ts'
import { findRoutine, inputTypes, listed } from '../../model/routine.ts'
import { nameOf } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { defined } from '../../model/defined.ts'
import type { SplitStatement } from '../../dialect/split.ts'
import type { Effect } from '../definition.ts'
import type { Operation } from '../index.ts'
import { lookup } from '../lookup.ts'
import type { Reading } from './raw-sql.ts'

type Grant = Extract<Operation, { op: 'grant' }>

interface Target extends QualifiedName {
  readonly arguments?: readonly string[]
}

interface RawGrant {
  readonly action: 'grant' | 'revoke'
  readonly privileges: readonly {
    readonly words: Grant['privileges']
    readonly columns?: readonly string[]
  }[]
  readonly object: GrantKind
  /** What it is on, of what the model knows. */
  targets(model: Model): Target[]
  readonly roles: readonly string[]
  /** WITH GRANT OPTION, or GRANT OPTION FOR. */
  readonly option: boolean
}

const KINDS: Readonly<Record<string, GrantKind>> = {
  TABLE: 'table',
  SEQUENCE: 'sequence',
  FUNCTION: 'function',
  PROCEDURE: 'procedure',
  SCHEMA: 'schema',
  TYPE: 'type',
  DOMAIN: 'type',
}
const PRIVILEGES: ReadonlySet<string> = new Set(
  'select insert update delete truncate references trigger maintain usage create execute'.split(' '),
)
const SPECIAL: ReadonlySet<string> = new Set(['CURRENT_USER', 'CURRENT_ROLE', 'SESSION_USER'])

/** The tokens between commas that stand in no more parentheses than these. */
function parts(tokens: readonly SqlToken[]): SqlToken[][] {
  const found: SqlToken[][] = [[]]
  const depth = tokens[0]?.depth ?? 0
  for (const token of tokens) {
    if (token.key === ',' && token.depth === depth) found.push([])
    else found.at(-1)!.push(token)
  }
  return found
}

/**
 * What the statement grants or revokes; undefined for any other, for the membership of roles, and for what the model has
 * no privileges of (databases, languages…) or does not know the roles of (CURRENT_USER).
 */
function grantOf({ tokens, text, offset }: SplitStatement): RawGrant | undefined {
  const action = tokens[0]?.key === 'GRANT' ? 'grant' : tokens[0]?.key === 'REVOKE' ? 'revoke' : undefined
  const at = (key: string) => tokens.findIndex((one) => one.depth === 0 && one.key === key)
  const [on, to] = [at('ON'), at(action === 'grant' ? 'TO' : 'FROM')]
  if (action === undefined || on < 0 || to < on || at('GRANTED') >= 0) return undefined
  const optionFor = action === 'revoke' && tokens[1]?.key === 'GRANT' && tokens[2]?.key === 'OPTION'
  const privileges = privilegesOf(tokens.slice(optionFor ? 4 : 1, on))
  const target = targetsOf(
    tokens.slice(on + 1, to),
    (from, until) => text.slice(from - offset, until - offset),
  )
  const end = tokens.findIndex((one, i) => i > to && ['WITH', 'CASCADE', 'RESTRICT'].includes(one.key))
  const roles = rolesOf(tokens.slice(to + 1, end < 0 ? undefined : end))
  if (privileges === undefined || target === undefined || roles === undefined) return undefined
  return { action, privileges, ...target, roles, option: optionFor || at('WITH') >= 0 }
}

function privilegesOf(tokens: readonly SqlToken[]): RawGrant['privileges'] | undefined {
  const all = parts(tokens).map((part) => {
    const word = part[0]?.key.toLowerCase() ?? ''
    const rest = part.slice(part[1]?.key === 'PRIVILEGES' ? 2 : 1)
    const columns = rest.length === 0
      ? undefined
      : rest.filter((one) => one.kind === 'word' || one.kind === 'quoted').map(nameOf)
    return { word, columns }
  })
  if (!all.every(({ word }) => word === 'all' || PRIVILEGES.has(word))) return undefined
  return all.map(({ word, columns }) =>
    defined({ words: word === 'all' ? 'all' as const : [word] as unknown as Grant['privileges'], columns })
  )
}

function rolesOf(tokens: readonly SqlToken[]): string[] | undefined {
  const roles = parts(tokens).map((part) => part.at(-1))
  if (roles.some((one) => one === undefined || SPECIAL.has(one.key))) return undefined
  return roles.map((one) => nameOf(one!))
}

/** @param text the SQL between two offsets */
function targetsOf(
  tokens: readonly SqlToken[],
  text: (from: number, until: number) => string,
): Pick<RawGrant, 'object' | 'targets'> | undefined {
  const [first, second] = tokens
  if (first === undefined) return undefined
  const isWord = first.kind === 'word' && second !== undefined && !['.', ','].includes(second.key)
  if (isWord && first.key === 'ALL') return everything(tokens)
  const object = isWord ? KINDS[first.key] : 'table'
  if (object === undefined) return undefined
  const named = parts(isWord ? tokens.slice(1) : tokens).map((part) => targetOf(part, text))
  return { object, targets: (model) => named.flatMap((one) => known(model, object, one) ?? []) }
}

function targetOf(part: readonly SqlToken[], text: (from: number, until: number) => string): Target {
  const open = part.findIndex((one) => one.key === '(')
  const names = part.slice(0, open < 0 ? undefined : open).filter((one) => one.key !== '.').map(nameOf)
  const types = open < 0 ? undefined : text(part[open]!.end, part.at(-1)!.start).trim()
  return defined({
    schema: names.length > 1 ? names[0] : undefined,
    name: names.at(-1) ?? '',
    arguments: types === undefined ? undefined : types === '' ? [] : listed(types),
  })
}

/** `ALL TABLES IN SCHEMA app`. */
function everything(tokens: readonly SqlToken[]): Pick<RawGrant, 'object' | 'targets'> | undefined {
  const schemas = parts(tokens.slice(4)).map((part) => part[0] === undefined ? '' : nameOf(part[0]))
  const within = <T extends Target>(all: readonly T[]): Target[] =>
    all.filter((one) => schemas.includes(one.schema ?? 'public'))
  const routines = (model: Model, kind: 'function' | 'procedure') =>
    within(
      model.functions.filter((one) => one.kind === kind).map((one) => ({
        ...one,
        arguments: inputTypes(one.arguments),
      })),
    )
  switch (tokens[1]?.key) {
    case 'TABLES':
      return {
        object: 'table',
        targets: (model) => within([...model.tables, ...model.views, ...model.materializedViews]),
      }
    case 'SEQUENCES':
      return {
        object: 'sequence',
        targets: (model) =>
          within([
            ...model.sequences,
            ...model.tables.flatMap((one) => grantedWith(one).filter(({ on }) => on === 'sequence')),
          ].map(({ schema, name }) => ({ schema, name }))),
      }
    case 'FUNCTIONS':
      return { object: 'function', targets: (model) => routines(model, 'function') }
    case 'PROCEDURES':
      return { object: 'procedure', targets: (model) => routines(model, 'procedure') }
    default:
      return undefined
  }
}

/** The object as the model names it; undefined when it does not know it: what other tools made may be unknown. */
function known(model: Model, object: GrantKind, target: Target): Target | undefined {
  const { schema, ...bare } = target
  const names = schema === 'public' ? [target, bare] : [target]
  return names.find((one) => {
    switch (object) {
      case 'table':
        return (['tables', 'views', 'materializedViews'] as const).some((part) => find(model, part, one))
      case 'type':
        return (['enums', 'domains'] as const).some((part) => find(model, part, one))
      case 'function':
      case 'procedure':
        return findRoutine(model, one)?.kind === object
      case 'schema':
        return one.name === 'public' || model.schemas.includes(one.name)
      case 'sequence':
        return true
    }
  })
}

/** The operations that say what the statement does. */
function operations(raw: RawGrant, model: Model): Operation[] {
  return raw.targets(model).flatMap(({ schema, name, arguments: types }) =>
    raw.privileges.map(({ words, columns }): Operation => {
      const what = defined({
        privileges: words,
        object: raw.object,
        name,
        schema,
        arguments: raw.object === 'function' || raw.object === 'procedure' ? types : undefined,
        columns,
      })
      return raw.action === 'grant'
        ? defined({
          op: 'grant',
          only: 'postgres',
          ...what,
          to: raw.roles,
          with_grant_option: raw.option || undefined,
        })
        : defined({
          op: 'revoke',
          only: 'postgres',
          ...what,
          from: raw.roles,
          grant_option_for: raw.option || undefined,
        })
    })
  )
}

/** Whether the privileges that it grants or revokes are understood. */
export function isGrant(statement: SplitStatement): boolean {
  return grantOf(statement) !== undefined
}

/** Goes through what the texts grant and revoke, each with the model before it. */
function walk<T>(
  texts: readonly Reading[],
  before: Model,
  visit: (operation: Operation, model: Model) => T,
): { readonly model: Model; readonly results: readonly T[] } {
  let model = before
  const results: T[] = []
  for (const { statements } of texts) {
    for (const statement of statements) {
      const raw = grantOf(statement)
      for (const operation of raw === undefined ? [] : operations(raw, model)) {
        results.push(visit(operation, model))
        model = lookup(operation.op)!.apply(operation, model)
      }
    }
  }
  return { model, results }
}

/** The model after what the texts grant and revoke. */
export function applyGrants(texts: readonly Reading[], model: Model): Model {
  return walk(texts, model, () => undefined).model
}

/** What undoes what the texts grant and revoke, last first. */
export function invertGrants(texts: readonly Reading[], before: Model): Operation[] {
  const inverses = walk(texts, before, (operation, model) => {
    const inverse = lookup(operation.op)!.invert(operation, model)
    return 'irreversible' in inverse ? [] : inverse.map((one) => ({ ...one, only: 'postgres' as const }))
  })
  return inverses.results.toReversed().flat()
}

/** What the texts do to those who lose a privilege. */
export function grantEffects(texts: readonly Reading[], before: Model): Effect[] {
  return walk(texts, before, (operation, model) => lookup(operation.op)!.effects(operation, model)).results
    .flat()
}
