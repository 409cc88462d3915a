/** Executes Python's statements over constants: assignments, loops, conditions, functions of the module. */
import type { Place, Statement } from '../python/syntax.ts'
import { LONGEST } from './builtins.ts'
import { Interpreter } from './interpreter.ts'
import type { Host } from './interpreter.ts'
import { binary } from './operators.ts'
import { isKind, isSymbolic, itemsOf, notUnderstood, text, truth } from './value.ts'
import type { Arguments, FunctionValue, Scope, Value } from './value.ts'

/** How statements ended: all were done, or one of them left. */
export type Completion =
  | undefined
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'raise'; readonly message: string }

/** Who knows what `with` and loops mean that constants alone do not tell. */
export interface StatementHost extends Host {
  /** Runs the body of a `with`. @returns undefined when the value is not the host's */
  within?(value: Value, body: (value: Value) => Completion): { readonly completion: Completion } | undefined
  /**
   * Runs what is done only where the condition holds, when the host can tell without asking the database.
   * @param holds false for what is done where the condition does not
   * @returns undefined when it is for Python to decide
   */
  guard?(
    condition: Value,
    holds: boolean,
    body: () => Completion,
  ): { readonly completion: Completion } | undefined
  /** @returns what is known of what is imported by that dotted name */
  imported?(path: string): Value | undefined
  /** Takes a loop that has no end known before it runs. @returns whether it did */
  endless?(loop: Extract<Statement, { kind: 'while' }>, scope: Scope, execution: Execution): boolean
}

const DEEPEST_CALL = 30

export class Execution {
  readonly interpreter: Interpreter
  readonly host: StatementHost
  #depth = 0
  constructor(host: StatementHost) {
    this.host = host
    this.interpreter = new Interpreter(host, (callee, args) => this.callFunction(callee, args))
  }

  /** @throws `not-understood` */
  runAll(statements: readonly Statement[], scope: Scope): Completion {
    for (const [i, one] of statements.entries()) {
      const rest = () => this.runAll(statements.slice(i + 1), scope)
      const left = this.unless(one, scope, rest)
      if (left !== undefined) return left.completion
      const completion = this.run(one, scope)
      if (completion !== undefined) return completion
    }
    return undefined
  }

  /**
   * `if condition: return`, where the host can tell what the rest depends on.
   * @returns undefined for any other statement
   */
  unless(
    statement: Statement,
    scope: Scope,
    rest: () => Completion,
  ): { readonly completion: Completion } | undefined {
    if (this.host.guard === undefined || statement.kind !== 'if' || statement.branches.length > 1) {
      return undefined
    }
    const { test, body } = statement.branches[0]!
    const last = body.at(-1)
    if (test === undefined || last?.kind !== 'return' || last.value !== undefined) return undefined
    if (!body.slice(0, -1).every(isTalk)) return undefined
    return this.host.guard(this.interpreter.evaluate(test, scope), false, rest)
  }

  /** Runs the body of the branch that is taken. @throws `not-understood` */
  if(
    statement: Extract<Statement, { kind: 'if' }>,
    scope: Scope,
    body: (statements: readonly Statement[]) => Completion,
  ): Completion {
    const [first, ...more] = statement.branches
    const otherwise = more.every((one) => one.test === undefined && one.body.every(isTalk))
    if (first?.test !== undefined && otherwise) {
      const condition = this.interpreter.evaluate(first.test, scope)
      const taken = this.host.guard?.(condition, true, () => body(first.body))
      if (taken !== undefined) return taken.completion
    }
    return body(this.#branch(statement, scope))
  }

  /** @throws `not-understood` */
  run(statement: Statement, scope: Scope): Completion {
    const { interpreter } = this
    interpreter.step()
    switch (statement.kind) {
      case 'pass':
        return undefined
      case 'break':
      case 'continue':
        return { kind: statement.kind }
      case 'expression':
        effectless(interpreter.evaluate(statement.value, scope))
        return undefined
      case 'assign':
      case 'update':
        return this.#assign(statement, scope)
      case 'import':
        statement.names.forEach(({ name, path }) =>
          scope.names.set(name, this.host.imported?.(path) ?? { kind: 'path', path })
        )
        return undefined
      case 'return':
        return {
          kind: 'return',
          value: statement.value === undefined ? null : interpreter.evaluate(statement.value, scope),
        }
      case 'raise':
        return { kind: 'raise', message: this.#raised(statement, scope) }
      case 'if':
        return this.if(statement, scope, (body) => this.runAll(body, scope))
      case 'for':
        return this.#for(statement, scope)
      case 'while':
        return this.#while(statement, scope)
      case 'with':
        return this.with(statement, scope, (body) => this.runAll(body, scope))
      case 'function': {
        const { name, parameters, body } = statement
        scope.names.set(name, { kind: 'function', name, parameters, body, scope })
        return undefined
      }
      case 'class':
        scope.names.set(statement.name, classOf(statement, scope, interpreter))
        return undefined
      case 'decorated':
        return notUnderstood(`what the decorator makes of "${statement.name}" is not known`)
      case 'unsupported':
        return notUnderstood(`it uses ${statement.what}`)
    }
  }

  #assign(statement: Extract<Statement, { kind: 'assign' | 'update' }>, scope: Scope): undefined {
    const { interpreter } = this
    const value = interpreter.evaluate(statement.value, scope)
    if (statement.kind === 'assign') {
      statement.targets.forEach((target) => interpreter.bind(target, value, scope))
      return
    }
    const old = interpreter.evaluate(statement.target, scope)
    interpreter.bind(statement.target, binary(statement.operator, old, value, statement), scope)
  }

  /** The body of the branch that is taken. @throws `not-understood` */
  #branch(statement: Extract<Statement, { kind: 'if' }>, scope: Scope): readonly Statement[] {
    const taken = statement.branches.find((one) =>
      one.test === undefined || truth(this.interpreter.evaluate(one.test, scope))
    )
    return taken?.body ?? []
  }

  #for(statement: Extract<Statement, { kind: 'for' }>, scope: Scope): Completion {
    for (const one of itemsOf(this.interpreter.evaluate(statement.values, scope))) {
      this.interpreter.bind(statement.target, one, scope)
      const completion = this.runAll(statement.body, scope)
      if (completion?.kind === 'break') break
      if (completion !== undefined && completion.kind !== 'continue') return completion
    }
    return undefined
  }

  #while(statement: Extract<Statement, { kind: 'while' }>, scope: Scope): Completion {
    if (this.host.endless?.(statement, scope, this)) return undefined
    for (let turn = 0; truth(this.interpreter.evaluate(statement.test, scope)); turn++) {
      if (turn > LONGEST) return notUnderstood('the loop has no end that can be seen')
      const completion = this.runAll(statement.body, scope)
      if (completion?.kind === 'break') break
      if (completion !== undefined && completion.kind !== 'continue') return completion
    }
    return undefined
  }

  /** Runs the body inside what the items of a `with` open. @throws `not-understood` */
  with(
    statement: Extract<Statement, { kind: 'with' }>,
    scope: Scope,
    body: (statements: readonly Statement[]) => Completion,
  ): Completion {
    const open = (i: number): Completion => {
      const item = statement.items[i]
      if (item === undefined) return body(statement.body)
      const value = this.interpreter.evaluate(item.value, scope)
      const entered = this.host.within?.(value, (inner) => {
        if (item.name !== undefined) scope.names.set(item.name, inner)
        return open(i + 1)
      })
      return entered === undefined ? notUnderstood('what "with" opens is not known') : entered.completion
    }
    return open(0)
  }

  #raised(statement: Extract<Statement, { kind: 'raise' }>, scope: Scope): string {
    if (statement.value === undefined) return ''
    const value = this.interpreter.evaluate(statement.value, scope)
    if (!isKind(value, 'construct')) return isKind(value, 'path') ? value.path : ''
    const [message] = value.positional
    return message === undefined ? value.path : text(message)
  }

  /** Calls a function that the module defines. @throws `not-understood` */
  callFunction(callee: FunctionValue, args: Arguments): Value {
    if (this.#depth >= DEEPEST_CALL) notUnderstood(`"${callee.name}" calls itself too often`)
    const scope: Scope = { names: this.#parameters(callee, args), parent: callee.scope }
    this.#depth++
    const completion = 'kind' in callee.body
      ? { kind: 'return' as const, value: this.interpreter.evaluate(callee.body, scope) }
      : this.runAll(callee.body, scope)
    this.#depth--
    if (completion?.kind === 'raise') notUnderstood(`"${callee.name}" raises an error`)
    return completion?.kind === 'return' ? completion.value : null
  }

  #parameters(callee: FunctionValue, { positional, named }: Arguments): Map<string, Value> {
    const names = new Map<string, Value>()
    const left = new Map(named)
    let next = 0
    for (const { name, stars, fallback } of callee.parameters) {
      if (stars === 1) {
        names.set(name, { kind: 'tuple', items: positional.slice(next) })
        next = positional.length
        continue
      }
      if (stars === 2) {
        names.set(name, { kind: 'dict', entries: [...left] })
        left.clear()
        continue
      }
      const given = next < positional.length ? positional[next++] : left.get(name)
      left.delete(name)
      if (given !== undefined) names.set(name, given)
      else if (fallback === undefined) notUnderstood(`"${callee.name}" lacks its argument "${name}"`)
      else names.set(name, this.interpreter.evaluate(fallback, callee.scope))
    }
    if (next < positional.length || left.size > 0) notUnderstood(`"${callee.name}" gets too many arguments`)
    return names
  }
}

/** `print("there already")`, `logger.info(…)`, `pass` */
function isTalk(statement: Statement): boolean {
  if (statement.kind === 'pass') return true
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return false
  const { callee } = statement.value
  return (callee.kind === 'name' && callee.name === 'print') ||
    (callee.kind === 'attribute' && /^(debug|info|warning|error|log)$/.test(callee.name))
}

/** A value that nobody uses must have no effect. */
function effectless(value: Value): void {
  if (!isSymbolic(value)) return
  const called = isKind(value, 'construct') ? value.path.replace(/^\./, '') : value.name
  if (QUIET.test(called)) return
  notUnderstood(`what "${called}" does is not known`)
}

/** Calls that leave the database alone. */
const QUIET =
  /^(result of a query$|(alembic\.)?op\.(create_table|get_bind|get_context)$|logging\.|warnings\.|time\.sleep$|(\w+\.)*(debug|info|warning|error|log)$|reflect$|flush$|close$)/

function classOf(
  statement: Extract<Statement, { kind: 'class' }>,
  scope: Scope,
  interpreter: Interpreter,
): Value {
  const inner: Scope = { names: new Map(), parent: scope }
  for (const one of statement.body) {
    if (one.kind !== 'assign') continue
    const value = interpreter.evaluate(one.value, inner)
    one.targets.forEach((target) => interpreter.bind(target, value, inner))
  }
  const isEnum = statement.bases.some((one) =>
    (one.kind === 'name' || one.kind === 'attribute') && /Enum$/.test(one.name)
  )
  return { kind: 'class', name: statement.name, members: [...inner.names], isEnum }
}

/** A value that could not be told. */
export function unknown(why: string, from: readonly Place[]): Value {
  return { kind: 'unknown', why, from }
}
