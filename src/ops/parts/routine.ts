/** Functions and procedures: what YAML writes ↔ the model's {@link Routine}. */
import { Type } from 'typebox'
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Argument, Routine } from '../../model/model.ts'
import { resultText, settingText, typeText } from '../../model/routine.ts'
import { defined } from '../../model/defined.ts'
import { fromDefault, toDefault } from './column.ts'
import type { DefaultSpec } from './column.ts'
import { fields, flag, name, optional, schema, sql, text, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { parseType } from './type-words.ts'

const argumentShape = fields({
  name: optional(name('Its name.')),
  mode: optional(words(['in', 'out', 'inout', 'variadic'], 'Default in.')),
  type: text("Its type, in PostgreSQL's words."),
  default: optional(Type.Union([
    Type.String(),
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    fields({ sql: sql('An expression, as written.') }),
  ], { description: 'What it is when a call leaves it out: a literal, or { sql: expression }.' })),
})

export const routineFields = {
  name: name('Its name. Several may have it when the types of their arguments differ.'),
  schema,
  arguments: optional(Type.Array(Type.Union([Type.String({ minLength: 1 }), argumentShape]), {
    description: 'Types, or { name, mode, type, default }.',
  })),
  language: name('sql, plpgsql…'),
  body: Type.String({
    description:
      'Its text, as between the quotes of AS; in language sql also RETURN … or BEGIN ATOMIC … END.',
  }),
  security_definer: optional(flag('Whether it runs with the rights of its owner.')),
  settings: optional(Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
    { description: 'Settings in force while it runs: { search_path: "app, pg_temp" }.' },
  )),
  comment: optional(Type.String({ description: 'Its comment.' })),
  or_replace: optional(flag('One of that name and those types may be there: this one takes its place.')),
}

export const functionFields = {
  ...routineFields,
  returns: optional(
    text("What it returns, in PostgreSQL's words: integer, SETOF users, TABLE (a integer), trigger."),
  ),
  volatility: optional(words(['volatile', 'stable', 'immutable'], 'Default volatile.')),
  parallel: optional(words(['unsafe', 'restricted', 'safe'], 'Default unsafe.')),
  strict: optional(flag('Whether it is NULL when an argument is.')),
  leakproof: optional(flag('Whether it tells nothing of its arguments but by its result.')),
  cost: optional(Type.Number({ exclusiveMinimum: 0, description: 'What a call costs. Default 100.' })),
  rows: optional(
    Type.Number({ exclusiveMinimum: 0, description: 'How many rows it returns. Default 1000.' }),
  ),
}

const functionShape = fields(functionFields)
const procedureShape = fields(routineFields)
export type FunctionSpec = Omit<Spec<typeof functionShape>, 'or_replace'>
export type ProcedureSpec = Omit<Spec<typeof procedureShape>, 'or_replace'>
type ArgumentSpec = NonNullable<FunctionSpec['arguments']>[number]

function toArgument(spec: ArgumentSpec, at: number): Argument {
  if (typeof spec === 'string') {
    refuseNamed(spec, ['arguments', at])
    return { type: typeText(spec) }
  }
  const { name, mode, type, default: value } = spec
  return defined({
    name,
    mode: mode === 'in' ? undefined : mode,
    type: typeText(type),
    default: value === undefined
      ? undefined
      : typeof value === 'object' && value !== null
      ? toDefault(value, { kind: 'text' })
      : { literal: value },
  })
}

/** `a integer` would be an argument of the type of that name, which none has; and so `out integer`. */
function refuseNamed(written: string, path: Path): void {
  const [, name = '', type] = /^(\w+)\s+(.+)$/.exec(written.trim()) ?? []
  if (type === undefined || name === 'national' || parseType(written) || !parseType(type)) return
  const isMode = /^(?:in|out|inout|variadic)$/i.test(name)
  fault('named-argument', `"${written}" is a ${isMode ? 'mode' : 'name'} and a type`, {
    path,
    hint: isMode
      ? `write { mode: ${name.toLowerCase()}, type: ${type} }`
      : `write { name: ${name}, type: ${type} }`,
  })
}

function fromArgument({ name, mode, type, default: value, ...rest }: Argument): ArgumentSpec {
  void (rest satisfies Record<string, never>)
  if (name === undefined && mode === undefined && value === undefined) return type
  const written: DefaultSpec | undefined = value && fromDefault(value)
  return defined({ name, mode, type, default: written })
}

/** PostgreSQL takes no argument without a default behind one that has one (CREATE FUNCTION, "default_expr"). */
function checkDefaults(args: readonly Argument[]): void {
  const inputs = args.filter((one) => one.mode !== 'out')
  const first = inputs.findIndex((one) => one.default !== undefined)
  const bare = first < 0 ? undefined : inputs.slice(first).find((one) => one.default === undefined)
  if (bare === undefined || bare.mode === 'variadic') return
  fault('needs-default', `argument "${bare.name ?? bare.type}" stands behind one that has a default`, {
    path: ['arguments', args.indexOf(bare)],
    hint: 'give it a default too, or put it before',
  })
}

function common(spec: ProcedureSpec): Omit<Routine, 'kind'> {
  const { name, schema, language, body, comment } = spec
  const args = (spec.arguments ?? []).map(toArgument)
  checkDefaults(args)
  const settings = Object.entries(spec.settings ?? {})
  return defined({
    schema,
    name,
    arguments: args,
    language: language.toLowerCase(),
    body,
    securityDefiner: spec.security_definer ? true as const : undefined,
    settings: settings.length === 0 ? undefined : Object.fromEntries(
      settings.map(([key, value]) => [key.toLowerCase(), settingText(key, String(value))]),
    ),
    comment,
  })
}

export function toProcedure(spec: ProcedureSpec): Routine {
  return { kind: 'procedure', ...common(spec) }
}

/** @throws `needs-returns` when neither `returns` nor an OUT argument says what it returns; `needs-default` */
export function toFunction(spec: FunctionSpec): Routine {
  const { volatility, parallel, cost, rows, returns } = spec
  const routine = common(spec)
  const out = routine.arguments.some((one) => one.mode === 'out' || one.mode === 'inout')
  if (returns === undefined && !out) {
    fault('needs-returns', `function "${spec.name}" does not say what it returns`, {
      path: [],
      hint: 'write `returns: void` when it returns nothing',
    })
  }
  return defined({
    kind: 'function' as const,
    ...routine,
    returns: returns === undefined ? undefined : resultText(returns),
    volatility: volatility === 'volatile' ? undefined : volatility,
    parallel: parallel === 'unsafe' ? undefined : parallel,
    strict: spec.strict ? true as const : undefined,
    leakproof: spec.leakproof ? true as const : undefined,
    cost,
    rows,
  })
}

function fromArguments(routine: Routine): ProcedureSpec['arguments'] {
  return routine.arguments.length === 0 ? undefined : routine.arguments.map(fromArgument)
}

/** What YAML writes for a procedure. */
export function fromProcedure(routine: Routine): ProcedureSpec {
  const { name, schema, language, securityDefiner, settings, comment, body } = routine
  return defined({
    name,
    schema,
    arguments: fromArguments(routine),
    language,
    security_definer: securityDefiner,
    settings,
    comment,
    body,
  })
}

/** What YAML writes for a function. */
export function fromFunction(routine: Routine): FunctionSpec {
  const { kind: _, arguments: __, name, schema, returns, language, body, securityDefiner, ...more } = routine
  const { volatility, parallel, strict, leakproof, cost, rows, settings, comment, ...rest } = more
  void (rest satisfies Record<string, never>)
  return defined({
    name,
    schema,
    arguments: fromArguments(routine),
    returns,
    language,
    volatility,
    parallel,
    strict,
    leakproof,
    security_definer: securityDefiner,
    cost,
    rows,
    settings,
    comment,
    body,
  })
}
