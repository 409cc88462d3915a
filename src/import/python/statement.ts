/** Statements: the grammar's tree → {@link Statement}. */
import { callArguments, expression, parameters, targetOf } from './expression.ts'
import { betweenCommas, children } from './node.ts'
import type { Node, Reader } from './node.ts'
import type { Branch, ImportedName, Place, Statement, WithItem } from './syntax.ts'

const place = ({ from, to }: Node): Place => ({ from, to })

/** The statements of a module or a body. @throws `too-deep` */
export function statements(node: Node, reader: Reader): Statement[] {
  return children(node).flatMap((one) => reader.inside(() => read(one, reader)))
}

function read(node: Node, reader: Reader): Statement[] {
  const at = place(node)
  switch (node.name) {
    case ':':
    case ';':
      return []
    case 'StatementGroup':
      return statements(node, reader)
    case 'PassStatement':
      return [{ kind: 'pass', ...at }]
    case 'BreakStatement':
      return [{ kind: 'break', ...at }]
    case 'ContinueStatement':
      return [{ kind: 'continue', ...at }]
    case 'ExpressionStatement':
      return [{ kind: 'expression', value: targetOf(children(node), reader), ...at }]
    case 'AssignStatement':
      return [assignment(node, reader)]
    case 'UpdateStatement': {
      const [target, operator, value] = children(node)
      return [{
        kind: 'update',
        target: expression(target!, reader),
        operator: reader.text(operator!).slice(0, -1),
        value: expression(value!, reader),
        ...at,
      }]
    }
    case 'ImportStatement':
      return [{ kind: 'import', names: importedNames(node, reader), ...at }]
    case 'ReturnStatement':
    case 'RaiseStatement':
      return [leaving(node, reader)]
    case 'FunctionDefinition':
      return [functionOf(node, reader)]
    case 'ClassDefinition':
      return [classOf(node, reader)]
    case 'DecoratedStatement':
      return [decorated(node, reader)]
    case 'TryStatement': {
      // What fails, fails: the rest is done in order.
      const nodes = children(node)
      if (nodes.some((one) => one.name === 'except' || one.name === 'else')) return [block(node, reader)]
      return nodes.flatMap((one) => one.name === 'Body' ? statements(one, reader) : [])
    }
    default:
      return [block(node, reader)]
  }
}

function block(node: Node, reader: Reader): Statement {
  const nodes = children(node)
  switch (node.name) {
    case 'IfStatement':
      return { kind: 'if', branches: branches(nodes, reader), ...place(node) }
    case 'WhileStatement': {
      if (nodes.some((one) => one.name === 'else')) break
      return { kind: 'while', test: expression(nodes[1]!, reader), body: body(node, reader), ...place(node) }
    }
    case 'ForStatement': {
      if (nodes.some((one) => one.name === 'else' || one.name === 'async')) break
      const middle = nodes.findIndex((one) => one.name === 'in')
      const end = nodes.findIndex((one) => one.name === 'Body')
      return {
        kind: 'for',
        target: targetOf(nodes.slice(1, middle), reader),
        values: targetOf(nodes.slice(middle + 1, end), reader),
        body: body(node, reader),
        ...place(node),
      }
    }
    case 'WithStatement':
      return { kind: 'with', items: withItems(nodes, reader), body: body(node, reader), ...place(node) }
  }
  return { kind: 'unsupported', what: `"${reader.text(nodes[0]!)}"`, ...place(node) }
}

/** `@decorator` before a function or a class. */
function decorated(node: Node, reader: Reader): Statement {
  const inner = children(node).at(-1)!
  const name = children(inner).find((one) => one.name === 'VariableName')
  return { kind: 'decorated', name: name === undefined ? '' : reader.text(name), ...place(node) }
}

function body(node: Node, reader: Reader): Statement[] {
  const found = children(node).find((one) => one.name === 'Body')
  return found === undefined ? [] : statements(found, reader)
}

/** `a = b = 1`, `a, b = 1, 2`, `a: int = 1`; `a: int` alone assigns nothing. */
function assignment(node: Node, reader: Reader): Statement {
  const sides: Node[][] = [[]]
  for (const one of children(node)) {
    if (one.name === 'AssignOp') sides.push([])
    else if (one.name !== 'TypeDef') sides.at(-1)!.push(one)
  }
  if (sides.length === 1) return { kind: 'pass', ...place(node) }
  const value = targetOf(sides.at(-1)!, reader)
  return {
    kind: 'assign',
    targets: sides.slice(0, -1).map((one) => targetOf(one, reader)),
    value,
    ...place(node),
  }
}

function leaving(node: Node, reader: Reader): Statement {
  const [, ...rest] = children(node)
  const kind = node.name === 'ReturnStatement' ? 'return' : 'raise'
  const end = rest.findIndex((one) => one.name === 'from')
  const value = end < 0 ? rest : rest.slice(0, end)
  return value.length === 0
    ? { kind, ...place(node) }
    : { kind, value: targetOf(value, reader), ...place(node) }
}

function functionOf(node: Node, reader: Reader): Statement {
  const nodes = children(node)
  if (nodes[0]!.name === 'async') return { kind: 'unsupported', what: 'AsyncFunction', ...place(node) }
  const name = nodes.find((one) => one.name === 'VariableName')!
  const list = nodes.find((one) => one.name === 'ParamList')
  return {
    kind: 'function',
    name: reader.text(name),
    parameters: list === undefined ? [] : parameters(children(list), reader),
    body: body(node, reader),
    ...place(node),
  }
}

function classOf(node: Node, reader: Reader): Statement {
  const nodes = children(node)
  const list = nodes.find((one) => one.name === 'ArgList')
  return {
    kind: 'class',
    name: reader.text(nodes.find((one) => one.name === 'VariableName')!),
    bases: list === undefined
      ? []
      : callArguments(list, reader).filter((one) => !one.name).map((one) => one.value),
    body: body(node, reader),
    ...place(node),
  }
}

function branches(nodes: readonly Node[], reader: Reader): Branch[] {
  const found: Branch[] = []
  nodes.forEach((one, i) => {
    if (one.name !== 'Body') return
    const before = nodes[i - 1]!
    const own = statements(one, reader)
    found.push(before.name === 'else' ? { body: own } : { test: expression(before, reader), body: own })
  })
  return found
}

function withItems(nodes: readonly Node[], reader: Reader): WithItem[] {
  const end = nodes.findIndex((one) => one.name === 'Body')
  const inner = nodes.slice(1, end).filter((one) => one.name !== '(' && one.name !== ')')
  return betweenCommas(inner).map((group) => {
    const name = group[1]?.name === 'as' ? group[2] : undefined
    return {
      value: expression(group[0]!, reader),
      ...(name === undefined ? {} : { name: reader.text(name) }),
    }
  })
}

/** `import a.b as c`, `import a.b` (which binds `a`), `from a.b import c as d, e`, `from a import *`. */
function importedNames(node: Node, reader: Reader): ImportedName[] {
  const nodes = children(node).filter((one) => one.name !== '(' && one.name !== ')')
  const start = nodes.findIndex((one) => one.name === 'import')
  const module = nodes.slice(1, start).map((one) => reader.text(one)).join('')
  const prefix = nodes[0]!.name === 'from' ? `${module}.` : ''
  return betweenCommas(nodes.slice(start + 1)).flatMap((group): ImportedName[] => {
    const as = group.findIndex((one) => one.name === 'as')
    const path = group.slice(0, as < 0 ? undefined : as).map((one) => reader.text(one)).join('')
    if (path === '*') return []
    if (as >= 0) return [{ name: reader.text(group[as + 1]!), path: prefix + path }]
    const first = path.split('.')[0]!
    return [{ name: first, path: prefix === '' ? first : prefix + path }]
  })
}
