/**
 * The rules of the house on single pieces of code, as a plugin of `deno lint` (deno.json names it): functions stay
 * short, errors are made by problem.ts, the process ends in main.ts, dialects are told apart in dialect/ alone, src/
 * runs anywhere, and no name says nothing.
 */
const FUNCTION_LINES = 50

/** The path inside the repository: `src/ops/add-column.ts`. */
function place(context: Deno.lint.RuleContext): string {
  return /(?:^|\/)((?:src|scripts|tests)\/.*)$/.exec(context.filename.replaceAll('\\', '/'))?.[1] ?? ''
}

type Visitor = Deno.lint.LintVisitor

/** A rule that looks at some files only. */
function rule(
  applies: (file: string) => boolean,
  create: (context: Deno.lint.RuleContext) => Visitor,
): Deno.lint.Rule {
  return { create: (context) => applies(place(context)) ? create(context) : {} }
}

const inSrc = (...but: readonly string[]) => (file: string) =>
  file.startsWith('src/') && !but.some((one) => file.startsWith(one))

type Ranged = { readonly range: [number, number] }

const functionLength = rule(() => true, (context) => {
  const measure = (node: Deno.lint.Node & Ranged) => {
    const lines = context.sourceCode.text.slice(...node.range).split('\n').length
    if (lines <= FUNCTION_LINES) return
    context.report({ node, message: `a function of ${lines} lines; at most ${FUNCTION_LINES}` })
  }
  return { FunctionDeclaration: measure, FunctionExpression: measure, ArrowFunctionExpression: measure }
})

const errors = rule(inSrc('src/problem.ts'), (context) => ({
  NewExpression(node) {
    if (node.callee.type !== 'Identifier' || !node.callee.name.endsWith('Error')) return
    context.report({
      node,
      message: `${node.callee.name} is made here; only problem.ts makes errors`,
      hint: 'fault(…)',
    })
  },
  ThrowStatement(node) {
    if (node.argument.type === 'Identifier') return
    context.report({
      node,
      message: 'only problem.ts throws; others rethrow what they caught',
      hint: 'fault(…)',
    })
  },
}))

const exit = rule(inSrc('src/main.ts'), (context) => ({
  'MemberExpression[object.name="process"][property.name="exit"]'(node: Deno.lint.Node) {
    context.report({ node, message: 'only main.ts ends the process' })
  },
}))

const output = rule(inSrc(), (context) => ({
  'MemberExpression[object.name="console"]'(node: Deno.lint.Node) {
    context.report({ node, message: 'src/ has no console', hint: 'cli/output/print.ts writes for people' })
  },
}))

const DIALECTS: ReadonlySet<unknown> = new Set(['postgres', 'sqlite'])

const dialects = rule(inSrc('src/dialect/'), (context) => {
  const message = 'dialects are told apart by dialect/ and by the tables of compile alone'
  const isDialect = (node: Deno.lint.Node | null) => node?.type === 'Literal' && DIALECTS.has(node.value)
  return {
    BinaryExpression(node) {
      if (!/^[!=]==?$/.test(node.operator)) return
      if (isDialect(node.left) || isDialect(node.right)) context.report({ node, message })
    },
    SwitchCase(node) {
      if (isDialect(node.test)) context.report({ node, message })
    },
  }
})

const runtime = rule(inSrc(), (context) => ({
  MemberExpression(node) {
    if (node.object.type !== 'Identifier' || !['Deno', 'Bun'].includes(node.object.name)) return
    context.report({
      node,
      message: `${node.object.name} is not everywhere; src/ uses node: modules and web APIs`,
    })
  },
}))

const EMPTY_NAME = /(?:^|[a-z])(?:Utils?|Helpers?|Managers?|Impl)$|^(?:utils?|helpers?|managers?|impl)$/

const names = rule(() => true, (context) => {
  const look = (node: { readonly id: Deno.lint.Node | null }) => {
    if (node.id?.type !== 'Identifier' || !EMPTY_NAME.test(node.id.name)) return
    context.report({ node: node.id, message: `"${node.id.name}" does not say what it is` })
  }
  return {
    FunctionDeclaration: look,
    ClassDeclaration: look,
    TSInterfaceDeclaration: look,
    TSTypeAliasDeclaration: look,
    VariableDeclarator: look,
  }
})

const plugin: Deno.lint.Plugin = {
  name: 'house',
  rules: { 'function-length': functionLength, errors, exit, output, dialects, runtime, names },
}
export default plugin
