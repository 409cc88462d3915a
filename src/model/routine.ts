/**
 * Functions and procedures of a model. PostgreSQL tells them apart by name and types of arguments
 * (https://www.postgresql.org/docs/current/xfunc-overload.html), so types are held as it writes them.
 */
import { ownValue } from '../own-value.ts'
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import { defined } from './defined.ts'
import { sameName, shown } from './edit.ts'
import type { Argument, Model, QualifiedName, Routine } from './model.ts'
import { nameOf, tokenize } from './sql-tokens.ts'

/** Other names of PostgreSQL's types; a type's text is the shortest that all versions take. */
const TYPES: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float: 'double precision',
  float8: 'double precision',
  double: 'double precision',
  decimal: 'numeric',
  bool: 'boolean',
  string: 'varchar',
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  'bit varying': 'varbit',
  datetime: 'timestamp',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  bytes: 'bytea',
  blob: 'bytea',
  binary: 'bytea',
}

/** A quoted name, or anything that is none. */
const PIECES = /("(?:[^"]|"")*")/

/**
 * The type of an argument or a result as a model holds it: lower case, one name a type, without length and precision,
 * which PostgreSQL drops (CREATE FUNCTION, "argtype"), one pair of brackets for an array. `%TYPE` stays as written.
 */
export function typeText(written: string): string {
  const text = written.trim().split(PIECES).map((piece, i) =>
    i % 2 === 1 ? unquoted(piece) : piece.toLowerCase().replaceAll(/\s+/g, ' ')
  ).join('')
  const setof = /^setof /.test(text)
  const bare = text.replace(/^setof /, '').replaceAll(/\([\d\s,]*\)/g, ' ').replaceAll(/ +/g, ' ').trim()
  const array = /(\s*\[\d*\]|\s+array(\s*\[\d*\])?)+$/.exec(bare)
  const element = (array === null ? bare : bare.slice(0, array.index)).trim().replace(/^pg_catalog\./, '')
  return `${setof ? 'SETOF ' : ''}${ownValue(TYPES, element) ?? element}${array === null ? '' : '[]'}`
}

/** Quotes that a name does not need are taken off; `"char"` is another type than `char`. */
function unquoted(piece: string): string {
  return /^"[a-z_][a-z0-9_]*"$/.test(piece) && ownValue(TYPES, piece.slice(1, -1)) === undefined &&
      piece !== '"char"'
    ? piece.slice(1, -1)
    : piece
}

/** The parts of a list between commas that stand in no parentheses, brackets or quotes. */
export function listed(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const token of text.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[()[\],]/g)) {
    if (token[0] === '(' || token[0] === '[') depth++
    else if (token[0] === ')' || token[0] === ']') depth--
    else if (token[0] === ',' && depth === 0) {
      parts.push(text.slice(from, token.index).trim())
      from = token.index + 1
    }
  }
  const last = text.slice(from).trim()
  return last === '' ? parts : [...parts, last]
}

/** What a function returns, as a model holds it: {@link typeText} of each type in it. */
export function resultText(written: string): string {
  const table = /^\s*table\s*\(([\s\S]*)\)\s*$/i.exec(written)
  if (table === null) return typeText(written)
  const columns = listed(table[1]!).map((one) => {
    const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+)\s+([\s\S]*)$/.exec(one) ?? []
    return `${name.startsWith('"') ? unquotedName(name) : name.toLowerCase()} ${typeText(type)}`
  })
  return `TABLE(${columns.join(', ')})`
}

function unquotedName(name: string): string {
  return /^"[a-z_][a-z0-9_]*"$/.test(name) ? name.slice(1, -1) : name
}

/** The types by which calls find the function: those of all arguments but OUT. */
export function inputTypes(args: readonly Argument[]): string[] {
  return args.filter((one) => one.mode !== 'out').map((one) => one.type)
}

/** The expressions by which it fills arguments that are not given. */
export function argumentDefaults({ arguments: args }: Routine): string[] {
  return args.flatMap(({ default: value }) =>
    value !== undefined && 'expression' in value ? [value.expression] : []
  )
}

/** How grants name it. */
export function grantedRoutine({ kind, schema, name, arguments: args }: Routine) {
  return defined({ on: kind, schema, name, arguments: inputTypes(args) })
}

/** Whether it takes or returns values of a type, which each table and view has, too. */
export function hasType(routine: Routine, type: QualifiedName): boolean {
  const texts = [...routine.arguments.map((one) => one.type), ...resultTypes(routine)]
  return texts.some((text) => isType(text, type))
}

/** What a function returns; of `TABLE(a integer, b mood)` the types of its columns. */
function resultTypes({ returns = '' }: Routine): string[] {
  const columns = /^TABLE\((.*)\)$/s.exec(returns)?.[1]
  return columns === undefined
    ? [returns]
    : columns.split(',').map((one) => one.trim().replace(/^("(?:[^"]|"")*"|\S+)\s+/, ''))
}

/** Whether the text of a type is that type, a set or an array of it. */
export function isType(text: string, type: QualifiedName): boolean {
  const tokens = tokenize(text.replace(/^SETOF /, '').replace(/\[\d*\]$/, ''), 'postgres')
  const names = tokens.filter((one) => one.key !== '.').map(nameOf)
  return names.length <= 2 && names.at(-1) === type.name && (names.length === 1 || names[0] === type.schema)
}

/** `app.add(integer, integer)`: for messages, and what tells functions apart. */
export function signature(routine: QualifiedName & { readonly arguments: readonly Argument[] }): string {
  return `${shown(routine)}(${inputTypes(routine.arguments).join(', ')})`
}

/** How an operation names a function or a procedure. */
export interface RoutineName extends QualifiedName {
  readonly arguments?: readonly string[]
}

/** The functions and procedures of that name, and of those types when it gives any. */
function candidates(model: Model, name: RoutineName): Routine[] {
  const wanted = name.arguments?.map(typeText).join(', ')
  return model.functions.filter((one) =>
    sameName(one, name) && (wanted === undefined || inputTypes(one.arguments).join(', ') === wanted)
  )
}

/** The function or procedure that is named, or the first of those that are. */
export function findRoutine(model: Model, name: RoutineName): Routine | undefined {
  return candidates(model, name)[0]
}

/**
 * The function (or procedure) that is named.
 * @throws `no-such-function` (procedure); `ambiguous-function` when several have the name and it gives no types
 */
export function getRoutine(
  model: Model,
  name: RoutineName,
  kind: Routine['kind'],
  path: Path = ['name'],
): Routine {
  const [found, ...others] = candidates(model, name).filter((one) => one.kind === kind)
  const given = name.arguments === undefined ? '' : `(${name.arguments.map(typeText).join(', ')})`
  if (found === undefined) {
    const known = model.functions.filter((one) => sameName(one, name)).map((one) =>
      `the ${one.kind} ${signature(one)}`
    )
    return fault(`no-such-${kind}`, `there is no ${kind} "${shown(name)}${given}"`, {
      path,
      hint: known.length === 0 ? undefined : `there is ${known.join(', ')}`,
    })
  }
  if (others.length === 0) return found
  return fault(`ambiguous-${kind}`, `there are several ${kind}s "${shown(name)}"`, {
    path,
    hint: `say which by the types of its arguments: ${[found, ...others].map(signature).join(', ')}`,
  })
}

/** Whether the body is a standard one (`RETURN …`, `BEGIN ATOMIC …`), which is parsed when it is created. */
export function isStandardBody(routine: Pick<Routine, 'language' | 'body'>): boolean {
  return routine.language === 'sql' && /^\s*(begin\s+atomic|return)\b/i.test(routine.body)
}

/** Settings whose value is a list of names (GUC_LIST_QUOTE in guc_tables.c). */
const LISTS: ReadonlySet<string> = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
])

/** The names in the value of a setting that is a list; undefined for any other. */
export function listSetting(setting: string, value: string): string[] | undefined {
  if (!LISTS.has(setting.toLowerCase())) return undefined
  if (value.trim() === '') return ['']
  return listed(value).map((one) => {
    if (/^'.*'$/.test(one)) return one.slice(1, -1).replaceAll("''", "'")
    return one.startsWith('"') ? one.slice(1, -1).replaceAll('""', '"') : one.toLowerCase()
  })
}

/** The value of a setting as PostgreSQL keeps it: the names of a list quoted where they must be. */
export function settingText(setting: string, value: string): string {
  const names = listSetting(setting, value)
  if (names === undefined) return value
  return names.map((one) => /^[a-z_][a-z0-9_]*$/.test(one) ? one : `"${one.replaceAll('"', '""')}"`).join(
    ', ',
  )
}
