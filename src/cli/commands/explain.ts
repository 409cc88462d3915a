import { EXIT, fault, ProblemError } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { DialectName, Model } from '../../model/model.ts'
import { loadDialect } from '../../dialect/index.ts'
import { definitionOf, DEFINITIONS, findDefinition } from '../../ops/index.ts'
import type { AnyDefinition } from '../../ops/index.ts'
import type { Inverse } from '../../ops/definition.ts'
import { compileOperations } from '../../plan/compile.ts'
import type { Placed } from '../../plan/placed.ts'
import { kindHint } from '../../revision/operation.ts'
import { operationText } from '../../revision/write.ts'
import type { JsonSchema } from '../../revision/shape/validate.ts'
import type { Command } from '../command.ts'
import { painter, printJson } from '../output/print.ts'
import type { Paint } from '../output/print.ts'

/**
 * `limbeck explain [operation]`: its fields, an example, what undoes it and both SQLs, from the operation's own
 * definition.
 */
export const command: Command = async ({ args, io, options }) => {
  const kind = args[0]
  if (kind === undefined) {
    const all = DEFINITIONS.map((one) => ({ operation: one.kind, summary: one.summary }))
    if (options.flag('json')) printJson(io, all)
    else io.stdout(overview(all))
    return EXIT.done
  }
  const definition = findDefinition(kind.replaceAll('-', '_')) ?? unknown(kind)
  const sql = {
    postgres: await exampleSql(definition, 'postgres'),
    sqlite: await exampleSql(definition, 'sqlite'),
  }
  if (options.flag('json')) {
    const { summary, shape, example } = definition
    const downgrade = exampleInverse(definition)
    printJson(io, { operation: definition.kind, summary, shape, example: example.operation, downgrade, sql })
  } else io.stdout(explanation(definition, sql, painter(io, io.stdoutIsTerminal)))
  return EXIT.done
}

function unknown(kind: string): never {
  return fault('unknown-operation', `unknown operation "${kind}"`, {
    hint: kindHint(kind) ?? '`limbeck explain` lists them',
    exit: EXIT.usage,
  })
}

function overview(all: readonly { readonly operation: string; readonly summary: string }[]): string {
  const width = Math.max(...all.map((one) => one.operation.length))
  return all.map((one) => `${one.operation.padEnd(width)}  ${one.summary}\n`).join('')
}

/** What an operation says that compiles to nothing here, or nowhere. */
const REFUSALS: ReadonlySet<string> = new Set(['unsupported', 'todo'])

/** The schema that a definition's example is for. */
function exampleStart({ example: { given = [] } }: AnyDefinition): Model {
  return given.reduce<Model>((model, one) => definitionOf(one).apply(one, model), EMPTY)
}

/** What undoes the example, for the dialect that it is for. */
function exampleInverse(definition: AnyDefinition): Inverse {
  const { only, ...operation } = definition.example.operation
  const inverse = definition.invert(operation, exampleStart(definition))
  return 'irreversible' in inverse || only === undefined ? inverse : inverse.map((one) => ({ ...one, only }))
}

/** The statements of a definition's example, or why the dialect has none. */
async function exampleSql(definition: AnyDefinition, name: DialectName): Promise<string[]> {
  const dialect = await loadDialect(name)
  const { operation } = definition.example
  const before = exampleStart(definition)
  const placed: Placed = { operation, locate: (problem) => problem }
  try {
    const target = { dialect, server: dialect.newest }
    return compileOperations([placed], before, target, { blind: true }).statements.map((one) => one.sql)
  } catch (error) {
    if (!(error instanceof ProblemError) || !REFUSALS.has(error.problems[0]!.code)) throw error
    return [`-- ${error.problems[0]!.message}`]
  }
}

type Sql = Readonly<Record<DialectName, readonly string[]>>

function explanation(definition: AnyDefinition, sql: Sql, paint: Paint): string {
  const head = (text: string) => paint('bold', text)
  const statements = (list: readonly string[]) =>
    list.length === 0
      ? '  -- nothing'
      : list.map((one) => indent(`${one}${one.startsWith('--') ? '' : ';'}`)).join('\n')
  return [
    `${head(definition.kind)}: ${definition.summary}`,
    `${head('Fields')} (* must be given)\n${fieldLines(definition.shape as JsonSchema, '  ').join('\n')}`,
    `${head('Example')}\n${indent(operationText(definition.example.operation))}`,
    `${head('Downgrade')}\n${indent(inverseText(exampleInverse(definition)))}`,
    `${head('PostgreSQL')}\n${statements(sql.postgres)}`,
    `${head('SQLite')}\n${statements(sql.sqlite)}`,
  ].join('\n\n') + '\n'
}

function inverseText(inverse: Inverse): string {
  if ('irreversible' in inverse) return `# none is derived, write one: ${inverse.irreversible}`
  return inverse.length === 0 ? '# nothing' : inverse.map(operationText).join('\n')
}

function indent(text: string): string {
  return text.trimEnd().split('\n').map((line) => `  ${line}`).join('\n')
}

/** `name*  text  Its name.`, a line a field; the fields of what a field holds stand below it. */
function fieldLines(shape: JsonSchema, lead: string): string[] {
  const fields = Object.entries(shape.properties ?? {})
  const required = new Set(shape.required ?? [])
  const name = (key: string) => `${key}${required.has(key) ? '*' : ''}`
  const width = Math.max(0, ...fields.map(([key]) => name(key).length))
  return fields.flatMap(([key, field]) => [
    `${lead}${name(key).padEnd(width)}  ${typeText(field)}${
      field.description ? `: ${field.description}` : ''
    }`,
    ...fieldLines(nested(field) ?? {}, `${lead}  `),
  ])
}

/** The mapping that a field holds: itself, the items of a list, or the one mapping of a union. */
function nested(field: JsonSchema): JsonSchema | undefined {
  if (field.properties !== undefined) return field
  if (field.items !== undefined) return nested(field.items)
  const mappings = (field.anyOf ?? []).map(nested).filter((one) => one !== undefined)
  return mappings.length === 1 ? mappings[0] : undefined
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  object: 'mapping',
  array: 'list',
  number: 'number',
  integer: 'number',
  null: 'null',
}

function typeText(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.join(' | ')
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map(typeText))].join(' | ')
  if (field.type === 'array') return field.items === undefined ? 'list' : `list of ${typeText(field.items)}`
  return [field.type ?? 'any'].flat().map((type) => TYPES[type] ?? type).join(' | ')
}
