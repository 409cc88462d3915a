/** The SQL of some steps as a script (`--sql`): no database is touched, the schema comes from replay. */
import type { Naming, QualifiedName } from '../model/model.ts'
import type { Dialect, SessionSettings } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import type { PlannedStatement } from '../plan/placed.ts'
import type { Step } from '../revision/graph/steps.ts'
import { compileSteps, modelAt, prepareSteps } from './prepare.ts'
import type { PreparedStep } from './prepare.ts'
import type { History } from './session.ts'
import { sessionSettings } from './settings.ts'
import { stepLine } from './step-line.ts'
import { createVersionTable, rowStatement } from './version-table.ts'

export interface ScriptOptions {
  readonly dialect: Dialect
  readonly history: History
  readonly versionTable: QualifiedName
  readonly transaction: 'per_revision' | 'all'
  readonly settings: SessionSettings
  readonly naming?: Naming
  warn(message: string): void
}

/**
 * Writes the script that leads along the steps from a database whose version table holds `rows`. The version table is
 * created when there are none. No steps make an empty script.
 * @throws what a run would throw before its first statement
 */
export async function writeScript(
  options: ScriptOptions,
  rows: readonly string[],
  steps: readonly Step[],
): Promise<string> {
  if (steps.length === 0) return ''
  const { dialect, versionTable } = options
  const parts: string[] = []
  const prepared = await compiled(options, rows, steps)
  const create = rows.length === 0 ? [createVersionTable(dialect.spelling, versionTable)] : []
  const together = options.transaction === 'all'
  if (together || prepared.length === 0) {
    const rebuild = prepared.some((one) => one.compilation?.rebuilds)
    const bodies = [...create, ...prepared.flatMap((one) => body(options, one))]
    const stamps = steps.filter((one) => one.direction === 'stamp').flatMap((one) => stampBody(options, one))
    return script(frame(options, [...bodies, ...stamps], rebuild))
  }
  if (create.length > 0) parts.push(...frame(options, create, false))
  for (const one of prepared) parts.push(...frame(options, body(options, one), one.compilation!.rebuilds))
  return script(parts)
}

async function compiled(
  options: ScriptOptions,
  rows: readonly string[],
  steps: readonly Step[],
): Promise<readonly PreparedStep[]> {
  const moves = steps.filter((one) => one.direction !== 'stamp')
  if (moves.length === 0) return []
  const { dialect, history, naming, warn } = options
  const target = { dialect, server: dialect.newest }
  const prepared = await prepareSteps(moves, history, target, naming)
  const before = await modelAt(history, rows, target, naming)
  for (const { operations, document } of prepared) {
    const opaque = operations.find(({ operation }) => definitionOf(operation).opaque?.(operation))
    if (opaque === undefined || !dialect.forgets) continue
    warn(
      `revision "${document.id}" has SQL whose effect on the schema is not known; ` +
        'tables rebuilt after it are rebuilt without it (declare its `effects:`)',
    )
  }
  return compileSteps(prepared, before, target, { blind: true })
}

/** A statement that stands outside transactions, marked for {@link frame}. */
interface Outside {
  readonly outside: string
}

type Line = string | Outside

function body(options: ScriptOptions, { step, document, compilation }: PreparedStep): Line[] {
  const { dialect, versionTable } = options
  const alone = (one: PlannedStatement) => one.transaction === 'forbidden' || document.transaction === 'none'
  return [
    `-- ${stepLine(step, document.message)}`,
    ...dialect.settings({ ...options.settings, ...sessionSettings(document.settings) }, true),
    ...compilation!.statements.map((one): Line => alone(one) ? { outside: one.sql } : one.sql),
    ...step.changes.map((change) => rowStatement(dialect.spelling, versionTable, change).sql),
  ]
}

function stampBody({ dialect, versionTable }: ScriptOptions, step: Step): string[] {
  const changes = step.changes.map((change) => rowStatement(dialect.spelling, versionTable, change).sql)
  return [`-- ${stepLine(step, '')}`, ...changes]
}

/** Lines in a transaction; it is interrupted around what cannot be in one. */
function frame({ dialect }: ScriptOptions, lines: readonly Line[], rebuild: boolean): string[] {
  const { before, after } = dialect.scriptFrame(rebuild)
  const framed = [...before]
  let open = true
  for (const line of lines) {
    const outside = typeof line !== 'string'
    if (outside && open) framed.push(...after)
    if (!outside && !open) framed.push(...before)
    open = !outside
    framed.push(outside ? line.outside : line)
  }
  return open ? [...framed, ...after] : framed
}

/** Statements end in semicolons; comments stand alone. */
function script(lines: readonly string[]): string {
  return lines.map((line) => line.startsWith('-- ') ? `${line}\n\n` : `${line};\n\n`).join('')
}
