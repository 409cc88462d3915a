/** The SQL of some steps as a script (`--sql`): no database is touched, the schema comes from replay. */
import type { Naming, QualifiedName } from '../model/model.ts'
import type { Dialect, ScriptFrame, SessionSettings } from '../dialect/dialect.ts'
import { segments } from '../plan/segments.ts'
import { rowsText } from '../revision/graph/rows.ts'
import type { Step } from '../revision/graph/steps.ts'
import { opaqueOf, replayable } from './prepare/past.ts'
import { compileSteps, modelAt, prepareSteps, refuseForbidden } from './prepare/prepare.ts'
import type { PreparedStep } from './session/prepared-step.ts'
import type { History } from './session/session.ts'
import { limitsOf } from './session/settings.ts'
import { stepLine } from './session/step-line.ts'
import { createVersionTable, rowStatement } from './records/version-table.ts'

export interface ScriptOptions {
  readonly dialect: Dialect
  readonly history: History
  readonly versionTable: QualifiedName
  readonly transaction: 'per_revision' | 'all'
  readonly settings: SessionSettings
  readonly naming?: Naming
  warn(message: string): void
}

/** A line of a script. */
type Line = { readonly comment: string } | { readonly sql: string }

/** Lines in one transaction, or outside any. */
interface Block {
  readonly lines: readonly Line[]
  readonly frame?: ScriptFrame
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
  const { dialect, versionTable, transaction, settings } = options
  const prepared = await compiled(options, rows, steps)
  const create = rows.length === 0 ? [{ sql: createVersionTable(dialect.spelling, versionTable) }] : []
  if (transaction === 'all' || prepared.length === 0) {
    const rebuild = prepared.some((one) => one.compilation?.rebuilds)
    const stamps = steps.filter((one) => one.direction === 'stamp').flatMap((one) => stampLines(options, one))
    const lines = [...create, ...prepared.flatMap((one) => linesTogether(options, one)), ...stamps]
    return text([{ lines, frame: dialect.scriptFrame(rebuild, prepared.length === 0 ? {} : settings) }])
  }
  const first = create.length === 0 ? [] : [{ lines: create, frame: dialect.scriptFrame(false) }]
  return text([...first, ...prepared.flatMap((one) => blocks(options, one))])
}

async function compiled(
  options: ScriptOptions,
  rows: readonly string[],
  steps: readonly Step[],
): Promise<readonly PreparedStep[]> {
  const moves = steps.filter((one) => one.direction !== 'stamp')
  if (moves.length === 0) return []
  const { dialect, history, naming, warn } = options
  // Who runs the script may have another default schema than most: what names one goes there.
  const { schema: _, ...server } = dialect.newest
  const target = { dialect, server }
  const prepared = await prepareSteps(moves, history, target, {
    naming,
    warn: ({ message }) => warn(message),
  })
  const need = {
    message: `the script from ${rowsText(rows)} cannot be written: the history before it cannot be replayed`,
  }
  const before = await replayable(need, () => modelAt(history, rows, target, naming))
  for (const { operations, document } of prepared) {
    if (!dialect.forgets || opaqueOf(operations, target).length === 0) continue
    warn(
      `revision "${document.id}" has SQL whose effect on the schema is not known; ` +
        'tables rebuilt after it are rebuilt without it (declare its `effects:`)',
    )
  }
  const blind = compileSteps(prepared, before, target, { blind: true })
  if (options.transaction === 'all') refuseForbidden(blind, before, target)
  return blind
}

function comment(step: Step, message: string): Line {
  return { comment: stepLine(step, message) }
}

function rowLines({ dialect, versionTable }: ScriptOptions, step: Step): Line[] {
  return step.changes.map((change) => ({ sql: rowStatement(dialect.spelling, versionTable, change).sql }))
}

function stampLines(options: ScriptOptions, step: Step): Line[] {
  return [comment(step, ''), ...rowLines(options, step)]
}

/** A revision in one transaction with others: its own limits give way to the others' after it. */
function linesTogether(options: ScriptOptions, { step, document, compilation }: PreparedStep): Line[] {
  const { settings, localBack } = limitsOf(options.dialect, options.settings, document.settings)
  const limits = document.settings === undefined ? [] : options.dialect.settings(settings, true)
  return [
    comment(step, document.message),
    ...limits.map((sql) => ({ sql })),
    ...compilation!.statements,
    ...rowLines(options, step),
    ...localBack.map((sql) => ({ sql })),
  ]
}

/** A revision by itself: its transactions, and between them what cannot be in one. */
function blocks(options: ScriptOptions, { step, document, compilation }: PreparedStep): Block[] {
  const { dialect } = options
  const limits = limitsOf(dialect, options.settings, document.settings)
  const cut = segments(compilation!.statements, { apart: document.transaction === 'none' })
  const head = [comment(step, document.message)]
  const found: Block[] = cut.map((segment, i) => {
    const lead = i === 0 ? head : []
    if ('together' in segment) {
      return {
        lines: [...lead, ...segment.together],
        frame: dialect.scriptFrame(segment.rebuild, limits.settings),
      }
    }
    const [before, after] = [limits.session, limits.reset].map((list) => list.map((sql) => ({ sql })))
    return { lines: [...lead, ...before!, segment.alone, ...after!] }
  })
  const last = found.at(-1)
  const rows = rowLines(options, step)
  if (last?.frame !== undefined) return [...found.slice(0, -1), { ...last, lines: [...last.lines, ...rows] }]
  const lead = found.length === 0 ? head : []
  return [...found, { lines: [...lead, ...rows], frame: dialect.scriptFrame(false, limits.settings) }]
}

/** Statements end in semicolons; comments stand alone. */
function text(all: readonly Block[]): string {
  const asLine = (sql: string): Line => ({ sql })
  return all.flatMap(({ lines, frame }) => [
    ...(frame?.before ?? []).map(asLine),
    ...lines,
    ...(frame?.after ?? []).map(asLine),
  ]).map((line) => 'comment' in line ? `-- ${line.comment}\n\n` : `${line.sql};\n\n`).join('')
}
