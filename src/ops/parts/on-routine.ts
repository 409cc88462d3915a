/** What the operations on functions and procedures have in common. */
import { Type } from 'typebox'
import { closed } from '../../dialect/ansi.ts'
import type { Spelling, Statement } from '../../dialect/dialect.ts'
import { sameName, shown } from '../../model/edit.ts'
import { isGrantOn } from '../../model/grant.ts'
import {
  findRoutine,
  getRoutine,
  grantedRoutine,
  inputTypes,
  isStandardBody,
  listSetting,
  signature,
} from '../../model/routine.ts'
import { isRaw } from '../../model/trigger.ts'
import type { Argument, Model, Routine, Trigger } from '../../model/model.ts'
import { fault } from '../../problem.ts'
import { defined } from '../../model/defined.ts'
import { unsupportedField } from '../definition.ts'
import type { CompileContext, Effect, Inverse } from '../definition.ts'
import type { Operation } from '../index.ts'
import { commentOn } from './compile.ts'
import { restoreGrants } from './grant.ts'
import { routineUsers } from './routine-users.ts'
import { withoutRoutine } from './without-routine.ts'
import { fromFunction, fromProcedure } from './routine.ts'
import { flag, name, optional, schema } from '../../shape.ts'
import { fromTrigger } from './trigger.ts'

export const dropFields = {
  name: name('Its name.'),
  schema,
  arguments: optional(Type.Array(Type.String({ minLength: 1 }), {
    description: 'The types of its arguments but OUT: needed where several have the name.',
  })),
  if_exists: optional(flag('Nothing is done when there is none.')),
  cascade: optional(flag('What calls it goes with it: triggers, defaults, checks, views….')),
}

interface Dropping {
  readonly name: string
  readonly schema?: string
  readonly arguments?: readonly string[]
  readonly if_exists?: boolean
  readonly cascade?: boolean
}

const WORDS = { function: 'FUNCTION', procedure: 'PROCEDURE' } as const

/** The routine that a new one of that name and those types would replace. */
function replaced(model: Model, routine: Routine): Routine | undefined {
  return findRoutine(model, { ...routine, arguments: inputTypes(routine.arguments) })
}

/** Why one cannot take the other's place (CREATE FUNCTION, "Notes"); undefined when it can. */
export function obstacle(
  old: Routine,
  next: Routine,
): { readonly why: string; readonly field: string } | undefined {
  if (old.kind !== next.kind) return { why: `is a ${old.kind}`, field: 'name' }
  if (old.returns !== next.returns) {
    return { why: `returns ${old.returns ?? 'what OUT says'}`, field: 'returns' }
  }
  const inputs = (one: Routine) => one.arguments.filter((argument) => argument.mode !== 'out')
  const rows = inputs(next)
  const changed = inputs(old).find((one, i) => one.name !== undefined && one.name !== rows[i]?.name)
  if (changed !== undefined) return { why: `calls an argument "${changed.name}"`, field: 'arguments' }
  const lost = inputs(old).find((one, i) => one.default !== undefined && rows[i]?.default === undefined)
  if (lost !== undefined) return { why: `has a default for "${lost.name ?? lost.type}"`, field: 'arguments' }
  const out = (one: Routine) =>
    one.arguments.filter((argument) => argument.mode !== undefined)
      .map(({ mode, name: own, type }) => [mode, own, type].join(' ')).join(', ')
  return out(old) === out(next) ? undefined : { why: 'has other OUT arguments', field: 'arguments' }
}

/** The model with the routine, which may take the place of one when `orReplace`. @throws `function-exists`, `cannot-replace` */
export function applyCreate(model: Model, routine: Routine, orReplace = false): Model {
  const old = replaced(model, routine)
  if (old === undefined) return { ...model, functions: [...model.functions, routine] }
  if (!orReplace) {
    fault(`${old.kind}-exists`, `a ${old.kind} "${signature(old)}" exists already`, {
      path: ['name'],
      hint: 'write `or_replace: true` when this one shall take its place',
    })
  }
  const wrong = obstacle(old, routine)
  if (wrong !== undefined) {
    fault('cannot-replace', `"${signature(old)}" ${wrong.why}, and PostgreSQL cannot replace that`, {
      path: [wrong.field],
      hint: `drop it first: drop_${old.kind}`,
    })
  }
  return { ...model, functions: model.functions.map((one) => one === old ? routine : one) }
}

/** The operation that creates it. */
export function fromRoutine(routine: Routine, how: { readonly or_replace?: true } = {}): Operation {
  return routine.kind === 'function'
    ? { op: 'create_function', ...fromFunction(routine), ...how }
    : { op: 'create_procedure', ...fromProcedure(routine), ...how }
}

/** The old one comes back in the same way if it can, else it is made anew with what went with it. */
export function invertCreate(before: Model, routine: Routine): Operation[] {
  const old = replaced(before, routine)
  const drop = dropOperation(routine)
  if (old === undefined) return [drop]
  if (obstacle(routine, old) === undefined) return [fromRoutine(old, { or_replace: true })]
  const triggers = triggersCalling(before, old)
  const grants = before.grants.filter((one) => isGrantOn(one, grantedRoutine(old)))
  return [
    triggers.length === 0 ? drop : { ...drop, cascade: true },
    fromRoutine(old),
    ...triggers.map(fromTrigger),
    ...restoreGrants(grants),
  ]
}

function dropOperation(routine: Routine) {
  const types = inputTypes(routine.arguments)
  const named = defined({ name: routine.name, schema: routine.schema, arguments: types })
  return routine.kind === 'function'
    ? { op: 'drop_function' as const, ...named }
    : { op: 'drop_procedure' as const, ...named }
}

/** The triggers that call it. */
function triggersCalling(model: Model, routine: Routine): Trigger[] {
  if (routine.kind === 'procedure' || routine.arguments.length > 0) return []
  return model.triggers.filter((one) =>
    !isRaw(one) && one.function !== undefined && sameName(one.function, routine)
  )
}

/** The triggers that call a function, in words. */
export function callingTriggers(model: Model, routine: Routine): string[] {
  return triggersCalling(model, routine).map((one) => `the trigger "${one.name}" on "${one.table}"`)
}

/** What it drops; undefined when `if_exists` makes it do nothing. */
function dropped(op: Dropping, kind: Routine['kind'], model: Model): Routine | undefined {
  const known = findRoutine(model, op)
  return op.if_exists && known?.kind !== kind ? undefined : getRoutine(model, op, kind)
}

/** The model without it, and with `cascade` without what calls it. @throws `still-used` */
export function applyDrop(op: Dropping, kind: Routine['kind'], model: Model): Model {
  const gone = dropped(op, kind, model)
  if (gone === undefined) return model
  const triggers = triggersCalling(model, gone)
  if (triggers.length > 0 && !op.cascade) {
    const users = callingTriggers(model, gone).join(', ')
    fault('still-used', `${kind} "${signature(gone)}" is called by ${users}`, {
      path: ['name'],
      hint: 'drop that first, or write `cascade: true`',
    })
  }
  if (!op.cascade) refuseUsed(model, gone)
  return withoutRoutine({ ...model, triggers: model.triggers.filter((one) => !triggers.includes(one)) }, gone)
}

/** @throws `still-used` while something certainly calls it, and PostgreSQL would refuse to drop it */
function refuseUsed(model: Model, gone: Routine): void {
  const users = routineUsers(model, gone)
  if (users.length === 0) return
  fault('still-used', `${gone.kind} "${signature(gone)}" is called by ${users.join(', ')}`, {
    path: ['name'],
    hint: 'drop that first and create it again afterwards, as `revision --autogenerate` does',
  })
}

export function invertDrop(op: Dropping, kind: Routine['kind'], before: Model): Inverse {
  const gone = dropped(op, kind, before)
  if (gone === undefined) return []
  const users = op.cascade ? routineUsers(before, gone) : []
  if (users.length > 0) return { irreversible: `what calls it goes with it: ${users.join(', ')}` }
  return [
    fromRoutine(gone),
    ...triggersCalling(before, gone).map(fromTrigger),
    ...restoreGrants(before.grants.filter((one) => isGrantOn(one, grantedRoutine(gone)))),
  ]
}

export function compileDrop(
  op: Dropping,
  kind: Routine['kind'],
  { sql, before }: CompileContext,
): Statement[] {
  const gone = dropped(op, kind, before)
  const types = gone === undefined ? op.arguments : inputTypes(gone.arguments)
  const list = types === undefined ? '' : `(${types.join(', ')})`
  const head = `DROP ${WORDS[kind]}${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}${list}`
  return [{ sql: `${head}${op.cascade ? ' CASCADE' : ''}` }]
}

export function dropEffects(op: Dropping, kind: Routine['kind'], before: Model): Effect[] {
  if (dropped(op, kind, before) === undefined) return []
  return [{ kind: 'breaks-readers', object: shown(op), why: `what calls "${shown(op)}" fails` }]
}

export function createEffects(routine: Routine, before: Model): Effect[] {
  if (replaced(before, routine) === undefined) return []
  const object = shown(routine)
  return [{ kind: 'breaks-readers', object, why: `what calls "${object}" gets something else` }]
}

const MODES = { out: 'OUT ', inout: 'INOUT ', variadic: 'VARIADIC ' } as const

function argumentSql(sql: Spelling, one: Argument): string {
  const mode = one.mode === undefined ? '' : MODES[one.mode]
  const named = one.name === undefined ? '' : `${sql.name(one.name)} `
  const value = one.default
  const fallback = value === undefined
    ? ''
    : ` DEFAULT ${'expression' in value ? closed(value.expression) : sql.literal(value.literal)}`
  return `${mode}${named}${one.type}${fallback}`
}

/** `$$body$$`, with a tag when the body holds dollars. */
export function dollarQuoted(body: string): string {
  let tag = ''
  for (let i = 0; body.includes(`$${tag}`) || (tag === '' && body.endsWith('$')); i++) tag = `body${i || ''}`
  return `$${tag}$${body}$${tag}$`
}

/** CREATE FUNCTION or CREATE PROCEDURE, and its comment. */
export function compileCreate(routine: Routine, cx: CompileContext, orReplace = false): Statement[] {
  const { sql, server, before, after } = cx
  const standard = isStandardBody(routine)
  if (standard && server.version < 140000) {
    unsupportedField('PostgreSQL has standard bodies (RETURN, BEGIN ATOMIC) from version 14', ['body'])
  }
  const options = [
    `LANGUAGE ${sql.name(routine.language)}`,
    ...(routine.volatility === undefined ? [] : [routine.volatility.toUpperCase()]),
    ...(routine.leakproof ? ['LEAKPROOF'] : []),
    ...(routine.strict ? ['STRICT'] : []),
    ...(routine.securityDefiner ? ['SECURITY DEFINER'] : []),
    ...(routine.parallel === undefined ? [] : [`PARALLEL ${routine.parallel.toUpperCase()}`]),
    ...(routine.cost === undefined ? [] : [`COST ${routine.cost}`]),
    ...(routine.rows === undefined ? [] : [`ROWS ${routine.rows}`]),
  ]
  const settings = Object.entries(routine.settings ?? {}).map(([key, value]) => {
    const values = (listSetting(key, value) ?? [value]).map(sql.literal)
    return `SET ${key.split('.').map(sql.name).join('.')} TO ${values.join(', ')}`
  })
  const head = `CREATE${orReplace ? ' OR REPLACE' : ''} ${WORDS[routine.kind]} ${sql.newQualified(routine)}`
  const lines = [
    `${head}(${routine.arguments.map((one) => argumentSql(sql, one)).join(', ')})`,
    ...(routine.returns === undefined ? [] : [`RETURNS ${routine.returns}`]),
    options.join(' '),
    ...settings,
    standard ? closed(routine.body) : `AS ${dollarQuoted(routine.body)}`,
  ]
  const old = replaced(before, routine)
  const comment = replaced(after, routine)?.comment
  const target = `${WORDS[routine.kind]} ${sql.qualified(routine)}(${
    inputTypes(routine.arguments).join(', ')
  })`
  return [
    { sql: lines.join('\n') },
    ...(comment === old?.comment ? [] : [commentOn(sql, target, comment)]),
  ]
}
