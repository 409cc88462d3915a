/** Reads `upgrade()` and `downgrade()`: statement by statement, and what is not understood becomes a `todo`. */
import { fault, ProblemError } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { fromOperation, operationFindings } from '../../revision/operation.ts'
import { boundNames } from '../evaluate/bound-names.ts'
import { Execution, unknown } from '../evaluate/execution.ts'
import type { Completion } from '../evaluate/execution.ts'
import { isKind } from '../evaluate/value.ts'
import type { Scope, Value } from '../evaluate/value.ts'
import type { FunctionDefinition, Place, Statement } from '../python/syntax.ts'
import { Collection } from './context.ts'
import type { Emitted, Options } from './context.ts'
import { AlembicHost } from './host.ts'

/** A module: its text, its names, and the functions in it by name. */
export interface Module {
  readonly file: string
  readonly source: string
  readonly scope: Scope
  readonly functions: ReadonlyMap<string, FunctionDefinition>
  readonly statements: readonly Statement[]
}

export interface ReadFunction {
  readonly collection: Collection
  /** What is raised on purpose. */
  readonly raised?: string
}

/** @throws `needs-dialect` when it must be read once for each */
function readFunction(
  { parameters, body }: FunctionDefinition,
  module: Module,
  options: Options,
  dialect: DialectName | undefined,
): ReadFunction {
  const reading = new Reading(module, new Collection(options, dialect))
  // Alembic gives them nothing; an env.py that does gives the operations by that name.
  const given = parameters.filter((one) => one.name === 'op')
  const names = new Map(given.map((one): [string, Value] => [one.name, { kind: 'path', path: 'alembic.op' }]))
  const completion = reading.all(body, { names, parent: module.scope })
  reading.check()
  return {
    collection: reading.collection,
    ...(completion?.kind === 'raise' ? { raised: completion.message } : {}),
  }
}

class Reading {
  readonly collection: Collection
  readonly #module: Module
  readonly #execution: Execution
  /** Statements whose lines stand in a todo already. */
  readonly #shown = new Set<Place>()
  constructor(module: Module, collection: Collection) {
    this.#module = module
    this.collection = collection
    this.#execution = new Execution(new AlembicHost(collection))
    collection.run = (callee, args) => this.#execution.callFunction(callee, args)
  }

  all(statements: readonly Statement[], scope: Scope): Completion {
    for (const [i, one] of statements.entries()) {
      const left = this.#unless(one, scope, statements.slice(i + 1))
      if (left !== undefined) return left.completion
      const completion = this.#one(one, scope)
      if (completion !== undefined) return completion
    }
    return undefined
  }

  /** @returns what takes back all that was emitted since */
  #mark(): () => void {
    const { operations, notes, settings } = this.collection
    const before = { operations: operations.length, notes: notes.length, settings: new Map(settings) }
    const shown = [...this.#shown]
    const { floor } = this.collection
    return () => {
      operations.length = before.operations
      notes.length = before.notes
      settings.clear()
      before.settings.forEach((value, key) => settings.set(key, value))
      this.#shown.clear()
      shown.forEach((one) => this.#shown.add(one))
      this.collection.floor = floor
    }
  }

  /** `if condition: return` before the rest. @returns undefined when it is a statement like others */
  #unless(
    statement: Statement,
    scope: Scope,
    rest: readonly Statement[],
  ): { readonly completion: Completion } | undefined {
    const { operations, floor } = this.collection
    const before = operations.length
    let completion: Completion
    try {
      return this.#execution.unless(statement, scope, () => completion = this.all(rest, scope))
    } catch (error) {
      if (!isNotUnderstood(error)) throw error
      this.collection.floor = floor
      const after = operations.splice(before)
      this.#todo(statement, error.problems[0]!.message, this.#execution.interpreter.origins)
      operations.push(...after)
      return { completion }
    }
  }

  /** A `with` and an `if` whose condition is known are taken apart; any other statement is all or nothing. */
  #one(statement: Statement, scope: Scope): Completion {
    const { notes } = this.collection
    const undo = this.#mark()
    this.#execution.interpreter.origins.clear()
    try {
      if (statement.kind === 'with') {
        return this.#execution.with(statement, scope, (body) => this.all(body, scope))
      }
      if (statement.kind === 'if') {
        return this.#execution.if(statement, scope, (body) => this.all(body, scope))
      }
      const completion = this.#execution.run(statement, scope)
      if (
        statement.kind === 'assign' && boundNames(statement).some((name) => isRows(scope.names.get(name)))
      ) {
        undo()
        this.#forget(statement, scope, 'it reads rows of the database')
      }
      return completion
    } catch (error) {
      if (!isNotUnderstood(error)) throw error
      undo()
      if (this.#isHarmless(statement)) {
        this.#forget(statement, scope, error.problems[0]!.message)
        return undefined
      }
      if (this.#isRepair(statement)) {
        notes.push({ message: 'an index that was built in part is dropped by limbeck itself', at: statement })
        return undefined
      }
      this.#todo(statement, error.problems[0]!.message, this.#execution.interpreter.origins)
      this.#forget(statement, scope, `it needs what line ${this.#line(statement)} does`)
      return undefined
    }
  }

  /** What a statement would have bound is not known. */
  #forget(statement: Statement, scope: Scope, why: string): void {
    const from = [...this.#execution.interpreter.origins, statement]
    for (const name of boundNames(statement)) scope.names.set(name, unknown(why, from))
  }

  /** `if invalid: op.execute("DROP INDEX CONCURRENTLY IF EXISTS …")`, asked of what `indisvalid` says. */
  #isRepair(statement: Statement): boolean {
    const text = (place: Place) => this.#module.source.slice(place.from, place.to)
    return statement.kind === 'if' &&
      /^if \w+:\s*op\.execute\(\s*(["'])DROP INDEX CONCURRENTLY IF EXISTS [\w.]+\1\s*\)\s*$/.test(
        text(statement),
      ) &&
      [...this.#execution.interpreter.origins].some((one) => /\bNOT\s+[\w.]*indisvalid\b/i.test(text(one)))
  }

  /** An assignment that calls nothing changes nothing: only what uses it is to be looked at. */
  #isHarmless(statement: Statement): boolean {
    return statement.kind === 'assign' &&
      !this.#module.source.slice(statement.from, statement.to).includes('(')
  }

  #line(place: Place): number {
    return this.#module.source.slice(0, place.from).split('\n').length
  }

  /** A todo with the lines of the statement, and of those that it needs; it grows when the next one is one too. */
  #todo(statement: Statement, why: string, origins: ReadonlySet<Place>): void {
    const needed = [...origins, ...this.#helpers(statement)].filter((one) => !this.#shown.has(one))
    const places = [...needed, statement].sort((a, b) => a.from - b.from)
    places.forEach((one) => this.#shown.add(one))
    const lines = places.map((one) => this.#lines(one))
    const { operations, floor } = this.collection
    const last = operations.length > floor ? operations.at(-1) : undefined
    if (last?.operation.op === 'todo') {
      const { source } = last.operation
      this.collection.operations.pop()
      this.collection.emit(last.at, { ...last.operation, source: [source, ...lines].join('\n') })
      return
    }
    const file = `${this.#module.file}:${this.#line(statement)}`
    this.collection.emit(statement, { op: 'todo', why, file, source: lines.join('\n') })
  }

  /** The functions of the module that the statement calls. */
  #helpers(statement: Place): Place[] {
    const text = this.#module.source.slice(statement.from, statement.to)
    return [...this.#module.functions.values()].filter((one) =>
      one.name !== 'upgrade' && one.name !== 'downgrade' && new RegExp(`\\b${one.name}\\(`).test(text)
    )
  }

  /** The lines without the indentation they share. */
  #lines({ from, to }: Place): string {
    const { source } = this.#module
    const start = source.lastIndexOf('\n', from - 1) + 1
    const indent = /^[ \t]*/.exec(source.slice(start, from))![0]
    return source.slice(start, to).split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd()).join('\n')
      .trimEnd().replaceAll('\t', '    ')
  }

  /** What has not the shape of an operation becomes a todo too: nothing wrong is written. */
  check(): void {
    const { operations } = this.collection
    operations.forEach(({ operation, at }, i) => {
      const [wrong] = operationFindings(fromOperation(operation), [])
      if (wrong === undefined) return
      const file = `${this.#module.file}:${this.#line(at)}`
      const todo = { op: 'todo' as const, why: wrong.problem.message, file, source: this.#lines(at) }
      operations[i] = { operation: todo, at }
    })
  }
}

function isNotUnderstood(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problems[0]?.code === 'not-understood'
}

/** Whether it is, or was read from, the rows of a query. */
function isRows(value: Value | undefined): boolean {
  if (isKind(value, 'attribute')) return isRows(value.of)
  if (!isKind(value, 'construct')) return false
  return value.path === 'result of a query' || isRows(value.of) || value.positional.some(isRows)
}

/** Reads a function once, or once for each database when what it does depends on that. */
export function readForBoth(
  definition: FunctionDefinition,
  module: Module,
  options: Options,
): ReadFunction & { readonly operations: readonly Emitted[] } {
  try {
    const read = readFunction(definition, module, options, options.dialect)
    return { ...read, operations: read.collection.operations }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0]?.code !== 'needs-dialect') throw error
    if (options.dialect !== undefined) fault('internal', 'the database is known, and asked for again')
  }
  const postgres = readFunction(definition, module, options, 'postgres')
  const sqlite = readFunction(definition, module, options, 'sqlite')
  const operations = merged(postgres.collection.operations, sqlite.collection.operations)
  sqlite.collection.settings.forEach((value, key) => postgres.collection.settings.set(key, value))
  return { ...postgres, operations }
}

/** One list of two: what both have is for both, the rest has `only`. The longest common part stays common. */
function merged(postgres: readonly Emitted[], sqlite: readonly Emitted[]): Emitted[] {
  const texts = (list: readonly Emitted[]) => list.map((one) => JSON.stringify(one.operation))
  const [a, b] = [texts(postgres), texts(sqlite)]
  const common = commonLengths(a, b)
  const result: Emitted[] = []
  const only = (one: Emitted, dialect: DialectName): Emitted => ({
    ...one,
    operation: { ...one.operation, only: dialect },
  })
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push(postgres[i++]!)
      j++
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      result.push(only(postgres[i++]!, 'postgres'))
    } else result.push(only(sqlite[j++]!, 'sqlite'))
  }
  return result
}

/** How long the longest common part of the rests of two lists is. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j]
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  return lengths
}
