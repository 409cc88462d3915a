/**
 * Evaluates Python's expressions, as far as they are made of constants. Nothing is run: a name that the module does not
 * define is a name, and calling it is a {@link Construct}. Steps, lengths and depth are bounded.
 */
import { ownValue } from '../../own-value.ts'
import type { Argument, Clause, Expression, Place, Replacement } from '../python/syntax.ts'
import { BUILTINS, LIBRARY } from './builtins.ts'
import { converted, formatted } from './format.ts'
import { callMethod } from './methods.ts'
import { binary, item, slice, unary } from './operators.ts'
import { isKind, isSymbolic, itemsOf, notUnderstood, text, truth } from './value.ts'
import type { Arguments, Construct, FunctionValue, Scope, Value } from './value.ts'

/** Who knows what calls and attributes mean that Python itself does not. */
export interface Host {
  /** @returns undefined when it is not the host's */
  call(callee: Value, args: Arguments, at: Place): Value | undefined
  /** @returns undefined when it is not the host's */
  attribute(of: Value, name: string): Value | undefined
  /** Whether it is a list whose items are not known, but what is asked of each may be. */
  isList?(value: Value): boolean
}

/** What only makes sense of rows. */
const ROWS = new Set(['next', 'iter'])

/** So many expressions are evaluated in one function of a revision. */
const MOST_STEPS = 200_000

export class Interpreter {
  readonly host: Host
  /** Runs a function that the module defines. */
  readonly #run: (callee: FunctionValue, args: Arguments) => Value
  #steps = 0
  constructor(host: Host, run: (callee: FunctionValue, args: Arguments) => Value) {
    this.host = host
    this.#run = run
  }

  /** @throws `not-understood` when there were too many */
  step(): void {
    if (++this.#steps > MOST_STEPS) notUnderstood('it takes too many steps')
  }

  /** @throws `not-understood` */
  evaluate(expression: Expression, scope: Scope): Value {
    this.step()
    const evaluate = (one: Expression) => this.evaluate(one, scope)
    switch (expression.kind) {
      case 'constant':
        return expression.value
      case 'float':
        return { kind: 'float', value: expression.value }
      case 'name':
        return this.#name(expression.name, scope)
      case 'format':
        return this.#filled(expression.parts, scope)
      case 'list':
      case 'tuple':
      case 'set':
        return { kind: expression.kind, items: expression.items.flatMap((one) => this.#items(one, scope)) }
      case 'dict':
        return this.#dict(expression, scope)
      case 'attribute':
        return this.attribute(evaluate(expression.of), expression.name)
      case 'item':
        return this.#item(evaluate(expression.of), expression.key, scope, expression)
      case 'call':
        return this.call(evaluate(expression.callee), this.#arguments(expression.args, scope), expression)
      case 'binary':
        return this.#binary(expression, scope)
      case 'unary':
        return unary(expression.operator, evaluate(expression.value), expression)
      case 'conditional':
        return evaluate(truth(evaluate(expression.test)) ? expression.then : expression.otherwise)
      case 'lambda':
        return {
          kind: 'function',
          name: 'lambda',
          parameters: expression.parameters,
          body: expression.body,
          scope,
        }
      case 'comprehension':
        return this.#comprehension(expression, scope)
      case 'spread':
      case 'slice':
        return notUnderstood('the syntax is not known here')
      case 'unsupported':
        return notUnderstood(`it uses ${expression.what}`)
    }
  }

  #name(name: string, scope: Scope): Value {
    for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
      const value = one.names.get(name)
      if (value !== undefined) return isKind(value, 'unknown') ? this.#unknown(value) : value
    }
    const known = Object.hasOwn(BUILTINS, name) || ROWS.has(name) || /(Error|Exception)$/.test(name)
    return known ? { kind: 'path', path: name } : notUnderstood(`"${name}" is not known`)
  }

  /** The statements that unknown values came from, which whoever turns this into a todo shows too. */
  readonly origins = new Set<Place>()

  #unknown(value: Extract<Value, { kind: 'unknown' }>): never {
    value.from.forEach((one) => this.origins.add(one))
    return notUnderstood(value.why)
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const left = this.evaluate(expression.left, scope)
    const { operator } = expression
    if (operator !== 'and' && operator !== 'or') {
      return binary(operator, left, this.evaluate(expression.right, scope), expression)
    }
    return truth(left) === (operator === 'and') ? this.evaluate(expression.right, scope) : left
  }

  #filled(parts: readonly (string | Replacement)[], scope: Scope): string {
    return parts.map((part) => {
      if (typeof part === 'string') return part
      const value = converted(this.evaluate(part.value, scope), part.conversion)
      return formatted(value, this.#filled(part.spec, scope))
    }).join('')
  }

  #items(one: Expression, scope: Scope): readonly Value[] {
    return one.kind === 'spread' ? itemsOf(this.evaluate(one.value, scope)) : [this.evaluate(one, scope)]
  }

  #dict({ entries }: Extract<Expression, { kind: 'dict' }>, scope: Scope): Value {
    const dict: Value = { kind: 'dict', entries: [] }
    for (const { key, value } of entries) {
      const one = this.evaluate(value, scope)
      const more: Value = key === undefined
        ? one
        : { kind: 'dict', entries: [[this.evaluate(key, scope), one]] }
      if (!isKind(more, 'dict')) notUnderstood('"**" of what is no dictionary')
      callMethod(dict, 'update', { positional: [more], named: new Map() })
    }
    return dict
  }

  #item(of: Value, key: Expression, scope: Scope, at: Place): Value {
    if (isKind(of, 'unknown')) return this.#unknown(of)
    // `List[str]` is a list.
    if (isKind(of, 'path')) return of
    if (key.kind === 'slice') {
      return slice(of, key.bounds.map((one) => one === undefined ? undefined : this.evaluate(one, scope)))
    }
    const index = this.evaluate(key, scope)
    const found = item(of, index)
    if (found !== undefined) return found
    if (isKind(of, 'class')) return this.attribute(of, text(index))
    if (!isSymbolic(of)) return notUnderstood('an item of what is no constant')
    return { kind: 'construct', path: '[]', of, positional: [index], named: new Map(), at }
  }

  /** `of.name` @throws `not-understood` */
  attribute(of: Value, name: string): Value {
    if (isKind(of, 'unknown')) return this.#unknown(of)
    const own = this.host.attribute(of, name)
    if (own !== undefined) return own
    if (isKind(of, 'path')) return { kind: 'path', path: `${of.path}.${name}` }
    if (isKind(of, 'class')) {
      const member = of.members.find(([one]) => one === name)
      if (member !== undefined) return { kind: 'member', class: of.name, name, value: member[1] }
    }
    if (isKind(of, 'member') && name === 'value') return of.value
    if (isKind(of, 'member') && name === 'name') return of.name
    return { kind: 'attribute', of, name }
  }

  /** Calls a function of the module, a method of a constant, or asks the host; else the call is a construct. */
  call(callee: Value, args: Arguments, at: Place): Value {
    this.step()
    if (isKind(callee, 'unknown')) return this.#unknown(callee)
    if (isKind(callee, 'function')) return this.#run(callee, args)
    const own = this.host.call(callee, args, at)
    if (own !== undefined) return own
    if (isKind(callee, 'attribute')) {
      const result = callMethod(callee.of, callee.name, args)
      if (result !== undefined) return result
      return { kind: 'construct', path: `.${callee.name}`, of: callee.of, ...args, at }
    }
    if (!isKind(callee, 'path')) return notUnderstood('what is called is not known')
    const builtin = ownValue(BUILTINS, callee.path) ?? ownValue(LIBRARY, callee.path)
    return builtin === undefined ? { kind: 'construct', path: callee.path, ...args, at } : builtin(args)
  }

  #arguments(written: readonly Argument[], scope: Scope): Arguments {
    const positional: Value[] = []
    const named = new Map<string, Value>()
    for (const { name, value } of written) {
      if (name !== undefined) named.set(name, this.evaluate(value, scope))
      else if (value.kind !== 'spread') positional.push(this.evaluate(value, scope))
      else if (value.stars === 1) positional.push(...itemsOf(this.evaluate(value.value, scope)))
      else {
        const more = this.evaluate(value.value, scope)
        if (!isKind(more, 'dict')) return notUnderstood('"**" of what is no dictionary')
        more.entries.forEach(([key, one]) => named.set(text(key), one))
      }
    }
    return { positional, named }
  }

  #comprehension(expression: Extract<Expression, { kind: 'comprehension' }>, scope: Scope): Value {
    const { of, key, value, clauses } = expression
    const each = this.#each(expression, scope)
    if (each !== undefined) return each
    const items: Value[] = []
    const entries: [Value, Value][] = []
    const inner: Scope = { names: new Map(), parent: scope }
    this.#loop(clauses, inner, () => {
      const one = this.evaluate(value, inner)
      if (key === undefined) items.push(one)
      else entries.push([this.evaluate(key, inner), one])
    })
    if (of !== 'dict') return { kind: of, items }
    const dict: Value = { kind: 'dict', entries: [] }
    callMethod(dict, 'update', { positional: [{ kind: 'dict', entries }], named: new Map() })
    return dict
  }

  /** `[one["name"] for one in inspector.get_columns("t")]`, where the host knows such a list. */
  #each(
    { key, value, clauses }: Extract<Expression, { kind: 'comprehension' }>,
    scope: Scope,
  ): Construct | undefined {
    const [first, ...rest] = clauses
    if (key !== undefined || first === undefined || rest.length > 0 || first.tests.length > 0) {
      return undefined
    }
    const of = this.evaluate(first.values, scope)
    if (!this.host.isList?.(of)) return undefined
    const unnamed = { named: new Map(), at: value }
    const inner: Scope = { names: new Map(), parent: scope }
    this.bind(first.target, { kind: 'construct', path: 'one of', of, positional: [], ...unnamed }, inner)
    return { kind: 'construct', path: 'each of', of, positional: [this.evaluate(value, inner)], ...unnamed }
  }

  #loop(clauses: readonly Clause[], scope: Scope, each: () => void): void {
    const [first, ...rest] = clauses
    if (first === undefined) return each()
    for (const one of itemsOf(this.evaluate(first.values, scope))) {
      this.step()
      this.bind(first.target, one, scope)
      if (first.tests.every((test) => truth(this.evaluate(test, scope)))) this.#loop(rest, scope, each)
    }
  }

  /** `target = value` @throws `not-understood` */
  bind(target: Expression, value: Value, scope: Scope): void {
    if (target.kind === 'name') {
      scope.names.set(target.name, value)
      return
    }
    if (target.kind === 'tuple' || target.kind === 'list') {
      const items = itemsOf(value)
      if (items.length !== target.items.length) notUnderstood('the number of values and names differ')
      target.items.forEach((one, i) => this.bind(one, items[i]!, scope))
      return
    }
    if (target.kind === 'item') {
      const of = this.evaluate(target.of, scope)
      const key = this.evaluate(target.key, scope)
      if (isKind(of, 'dict')) {
        callMethod(of, 'update', {
          positional: [{ kind: 'dict', entries: [[key, value]] }],
          named: new Map(),
        })
        return
      }
    }
    notUnderstood('what is assigned to is not known')
  }
}
