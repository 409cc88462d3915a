/** Expressions: the grammar's tree → {@link Expression}. */
import { numberValue } from './literal.ts'
import { betweenCommas, children } from './node.ts'
import type { Node, Reader } from './node.ts'
import { stringOf } from './string.ts'
import type { Argument, Clause, DictEntry, Expression, Parameter, Place } from './syntax.ts'

const LISTS: Readonly<Record<string, 'list' | 'tuple' | 'set'>> = {
  ArrayExpression: 'list',
  TupleExpression: 'tuple',
  SetExpression: 'set',
}

const COMPREHENSIONS: Readonly<Record<string, 'list' | 'set' | 'dict'>> = {
  ArrayComprehensionExpression: 'list',
  ComprehensionExpression: 'list',
  SetComprehensionExpression: 'set',
  DictionaryComprehensionExpression: 'dict',
}

const place = ({ from, to }: Node): Place => ({ from, to })

/** @throws `too-deep` */
export function expression(node: Node, reader: Reader): Expression {
  return reader.inside(() => read(node, reader))
}

function leaf(node: Node, reader: Reader): Expression | undefined {
  const at = place(node)
  switch (node.name) {
    case 'VariableName':
      return { kind: 'name', name: reader.text(node), ...at }
    case 'None':
    case 'Ellipsis':
      return { kind: 'constant', value: null, ...at }
    case 'Boolean':
      return { kind: 'constant', value: reader.text(node) === 'True', ...at }
    case 'Number':
      return numberOf(node, reader)
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return stringOf(node, reader, expression)
  }
  return undefined
}

function read(node: Node, reader: Reader): Expression {
  const known = leaf(node, reader)
  if (known !== undefined) return known
  const at = place(node)
  const list = LISTS[node.name]
  if (list !== undefined) {
    return {
      kind: list,
      items: betweenCommas(children(node).slice(1, -1)).map((one) => operand(one, reader)),
      ...at,
    }
  }
  const comprehension = COMPREHENSIONS[node.name]
  if (comprehension !== undefined) return comprehensionOf(node, comprehension, reader)
  switch (node.name) {
    case 'ParenthesizedExpression':
      return parenthesized(node, reader)
    case 'DictionaryExpression':
      return { kind: 'dict', entries: dictEntries(children(node).slice(1, -1), reader), ...at }
    case 'MemberExpression':
      return member(node, reader)
    case 'CallExpression': {
      const [callee, args] = children(node)
      return { kind: 'call', callee: expression(callee!, reader), args: callArguments(args!, reader), ...at }
    }
    case 'BinaryExpression':
      return binary(node, reader)
    case 'UnaryExpression':
      return unary(node, reader)
    case 'ConditionalExpression': {
      const [then, , test, , otherwise] = children(node).map((one) =>
        PUNCTUATION.has(one.name) ? undefined : one
      )
      return {
        kind: 'conditional',
        test: expression(test!, reader),
        then: expression(then!, reader),
        otherwise: expression(otherwise!, reader),
        ...at,
      }
    }
    case 'LambdaExpression':
      return lambda(node, reader)
    default:
      return { kind: 'unsupported', what: node.name, ...at }
  }
}

const PUNCTUATION = new Set(['if', 'else'])

/** An item of a list or a call: `*values`, or an expression. */
function operand(nodes: readonly Node[], reader: Reader): Expression {
  const [first, second] = nodes
  if ((first!.name === '*' || first!.name === '**') && second !== undefined) {
    const stars = first!.name === '*' ? 1 : 2
    return { kind: 'spread', stars, value: expression(second, reader), from: first!.from, to: second.to }
  }
  return expression(first!, reader)
}

function numberOf(node: Node, reader: Reader): Expression {
  const read = numberValue(reader.text(node))
  if (read === undefined) return { kind: 'unsupported', what: 'Number', ...place(node) }
  return { kind: read.float ? 'float' : 'constant', value: read.value, ...place(node) }
}

function parenthesized(node: Node, reader: Reader): Expression {
  const inner = children(node)[1]
  if (inner === undefined || inner.name === ')') return { kind: 'tuple', items: [], ...place(node) }
  return { ...expression(inner, reader), ...place(node) }
}

function dictEntries(nodes: readonly Node[], reader: Reader): DictEntry[] {
  return betweenCommas(nodes).map((group) => {
    if (group[0]!.name === '**') return { value: expression(group[1]!, reader) }
    return { key: expression(group[0]!, reader), value: expression(group[2]!, reader) }
  })
}

function member(node: Node, reader: Reader): Expression {
  const [object, mark, ...rest] = children(node)
  const of = expression(object!, reader)
  if (mark!.name === '.') return { kind: 'attribute', of, name: reader.text(rest[0]!), ...place(node) }
  const inner = rest.filter((one) => one.name !== ']')
  if (inner.some((one) => one.name === ':')) {
    return { kind: 'item', of, key: slice(inner, reader), ...place(node) }
  }
  return { kind: 'item', of, key: targetOf(inner, reader), ...place(node) }
}

function slice(nodes: readonly Node[], reader: Reader): Expression {
  const bounds: (Expression | undefined)[] = [undefined]
  for (const node of nodes) {
    if (node.name === ':') bounds.push(undefined)
    else bounds[bounds.length - 1] = expression(node, reader)
  }
  return { kind: 'slice', bounds, from: nodes[0]!.from, to: nodes.at(-1)!.to }
}

/** The arguments of a call. */
export function callArguments(list: Node, reader: Reader): Argument[] {
  const inner = children(list).slice(1, -1)
  const generator = inner.find((one) => one.name === 'for')
  if (generator !== undefined) return [{ value: comprehensionOf(list, 'list', reader) }]
  return betweenCommas(inner).map((group) => {
    const [first, mark, value] = group
    if (mark?.name === 'AssignOp') return { name: reader.text(first!), value: expression(value!, reader) }
    return { value: operand(group, reader) }
  })
}

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in', 'is', 'is not'])

function binary(node: Node, reader: Reader): Expression {
  const parts = children(node)
  const [left, right] = [parts[0]!, parts.at(-1)!]
  const operator = parts.slice(1, -1).map((one) => reader.text(one)).join(' ')
  // `a < b < c` is no comparison of a comparison.
  if (
    COMPARISONS.has(operator) && left.name === 'BinaryExpression' && COMPARISONS.has(operatorOf(left, reader))
  ) {
    return { kind: 'unsupported', what: 'a chain of comparisons', ...place(node) }
  }
  return {
    kind: 'binary',
    operator,
    left: expression(left, reader),
    right: expression(right, reader),
    ...place(node),
  }
}

function operatorOf(node: Node, reader: Reader): string {
  return children(node).slice(1, -1).map((one) => reader.text(one)).join(' ')
}

function unary(node: Node, reader: Reader): Expression {
  const [operator, value] = children(node)
  const read = expression(value!, reader)
  const written = reader.text(operator!)
  // The grammar lets `not a or b` be `not (a or b)`; in Python `not` binds closer than `and` and `or`.
  if (written === 'not' && value!.name === 'BinaryExpression') return negated(read, node)
  return { kind: 'unary', operator: written, value: read, ...place(node) }
}

function negated(read: Expression, node: Node): Expression {
  if (read.kind === 'binary' && (read.operator === 'and' || read.operator === 'or')) {
    return { ...read, left: negated(read.left, node) }
  }
  return { kind: 'unary', operator: 'not', value: read, ...place(node) }
}

function lambda(node: Node, reader: Reader): Expression {
  const list = children(node).find((one) => one.name === 'ParamList')
  const body = children(node).at(-1)!
  return {
    kind: 'lambda',
    parameters: list === undefined ? [] : parameters(children(list), reader),
    body: expression(body, reader),
    ...place(node),
  }
}

/** The parameters of a function, their types left out. */
export function parameters(nodes: readonly Node[], reader: Reader): Parameter[] {
  const inner = nodes.filter((one) => one.name !== '(' && one.name !== ')' && one.name !== 'TypeDef')
  return betweenCommas(inner).flatMap((group): Parameter[] => {
    const stars = group[0]!.name === '*' ? 1 : group[0]!.name === '**' ? 2 : 0
    const name = stars === 0 ? group[0]! : group[1]
    if (name === undefined || name.name === '/') return []
    const mark = group.findIndex((one) => one.name === 'AssignOp')
    const fallback = mark < 0 ? undefined : group[mark + 1]
    return [{
      name: reader.text(name),
      stars,
      ...(fallback === undefined ? {} : { fallback: expression(fallback, reader) }),
    }]
  })
}

function comprehensionOf(node: Node, of: 'list' | 'set' | 'dict', reader: Reader): Expression {
  const inner = children(node).slice(1, -1)
  const start = inner.findIndex((one) => one.name === 'for' || one.name === 'async')
  const head = inner.slice(0, start)
  const value = head.at(-1)!
  return {
    kind: 'comprehension',
    of,
    ...(of === 'dict' ? { key: expression(head[0]!, reader) } : {}),
    value: expression(value, reader),
    clauses: clauses(inner.slice(start), reader),
    ...place(node),
  }
}

function clauses(nodes: readonly Node[], reader: Reader): Clause[] {
  const found: { target: Expression; values: Expression; tests: Expression[] }[] = []
  let rest = nodes
  while (rest.length > 0) {
    if (rest[0]!.name === 'if') {
      found.at(-1)!.tests.push(expression(rest[1]!, reader))
      rest = rest.slice(2)
      continue
    }
    const middle = rest.findIndex((one) => one.name === 'in')
    found.push({
      target: targetOf(rest.slice(1, middle), reader),
      values: expression(rest[middle + 1]!, reader),
      tests: [],
    })
    rest = rest.slice(middle + 2)
  }
  return found
}

/** One target, or several with commas between. */
export function targetOf(nodes: readonly Node[], reader: Reader): Expression {
  const groups = betweenCommas(nodes)
  if (groups.length === 1 && !nodes.some((one) => one.name === ',')) return operand(groups[0]!, reader)
  return {
    kind: 'tuple',
    items: groups.map((one) => operand(one, reader)),
    from: nodes[0]!.from,
    to: nodes.at(-1)!.to,
  }
}
