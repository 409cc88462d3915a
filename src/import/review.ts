/**
 * Replays what was imported: names that the original leaves out are found, and what cannot have worked is told. The
 * originals are taken as they are; only what they cannot mean is put otherwise.
 */
import { ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { EMPTY } from '../model/model.ts'
import type { Model } from '../model/model.ts'
import { sameModel } from '../model/same.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { diff } from '../diff/index.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import type { Imported, Step } from './imported.ts'
import { parentsFirst } from './order.ts'
import { COPIES, settleBatch } from './settle-batch.ts'
import { doesMore, settle } from './settle.ts'
import type { Syntax } from './sql/syntax.ts'

export interface Reviewed extends Imported {
  /** Whether an operation of it will be refused: the schema has not what it is about. */
  readonly refused: boolean
  /** What is wrong with the original, as far as replay can tell. */
  readonly defects: readonly Problem[]
}

/**
 * Replays the revisions, parents first.
 * @param naming the configuration's names for what has none
 * @param syntax tells what cannot be parsed; absent: SQL is not looked at
 */
export function review(
  revisions: readonly Imported[],
  dialect: Dialect,
  naming: Model['naming'],
  syntax?: Syntax,
): Reviewed[] {
  const replay = new Replay(dialect, naming === undefined ? EMPTY : { ...EMPTY, naming }, syntax)
  return parentsFirst(revisions).map((one) => replay.revision(one))
}

class Replay {
  readonly #dialect: Dialect
  readonly #syntax: Syntax | undefined
  #model: Model
  /** The words of SQL whose effect is not known: what they name may be there, or not. */
  readonly #hidden = new Set<string>()
  /** The words of what is left to do. */
  readonly #vague = new Set<string>()
  /** What was told with a reservation. */
  readonly #reserved = new Set<string>()
  /** What could not be made. */
  readonly #missing = new Set<string>()
  constructor(dialect: Dialect, model: Model, syntax: Syntax | undefined) {
    this.#dialect = dialect
    this.#syntax = syntax
    this.#model = model
  }

  revision(one: Imported): Reviewed {
    const before = this.#model
    const up = this.#steps(one.upgrade, before, before)
    this.#model = up.model
    if (!('steps' in one.downgrade)) {
      return { ...one, upgrade: up.steps, defects: up.defects, refused: up.refused }
    }
    // What a downgrade does is undone again by the next upgrade.
    const known = [this.#hidden, this.#vague].map((words) => [words, [...words]] as const)
    const down = this.#steps(one.downgrade.steps, up.model, before)
    const opaque = up.opaque || down.opaque || down.defects.length > 0
    const left = opaque ? undefined : this.#differences(down.model, before)
    for (const [words, old] of known) {
      words.clear()
      old.forEach((word) => words.add(word))
    }
    const at = one.downgrade.steps[0]?.at ?? one.upgrade[0]?.at
    const defects = left === undefined ? [] : [{
      code: 'downgrade-differs',
      severity: 'warning' as const,
      message: `the downgrade of "${one.id}" does not lead back${left}`,
      ...(at === undefined ? {} : { at }),
    }]
    return {
      ...one,
      upgrade: up.steps,
      downgrade: { steps: down.steps },
      defects: [...up.defects, ...down.defects, ...defects],
      refused: up.refused || down.refused,
    }
  }

  /** In words what leads from a schema to another one, or else what differs; undefined when nothing is known to. */
  #differences(actual: Model, wanted: Model): string | undefined {
    const project = (model: Model) => this.#dialect.project(model)
    const all = sameModel(project(actual), project(wanted), this.#dialect)
    const left = all.filter((line) =>
      !this.#isHidden(line) && !quoted(line).some((word) => this.#vague.has(word))
    )
    if (left.length === 0) return undefined
    const way = whole(() => diff(actual, wanted, this.#dialect, { noRenames: true }).operations) ?? []
    const lines = left.length < all.length ? [] : way.map((one) => definitionOf(one).describe(one))
    return lines.length > 0 ? `; what would lead there: ${shortened(lines)}` : `: ${shortened(left)}`
  }

  #steps(steps: readonly Step[], start: Model, before: Model) {
    const defects: Problem[] = []
    const settled: Step[] = []
    let model = start
    let opaque = false
    const all = groups(steps)
    for (const [i, group] of all.entries()) {
      const result = this.#batched(group, model, before, all.slice(i + 1).flat())
      const told = result.defects.flatMap((problem) => this.#told(problem))
      opaque ||= result.opaque || told.length < result.defects.length || told.some(isReserved)
      defects.push(...told)
      settled.push(...result.steps)
      model = result.model
    }
    const refused = defects.some(isRefusal)
    return { steps: settled, model, defects, opaque, refused }
  }

  /** On SQLite what is refused may be what batch mode puts up with. */
  #batched(group: readonly Step[], model: Model, before: Model, later: readonly Step[]): Result {
    const result = this.#group(group, model, before)
    const [step] = group as [Step]
    if (!COPIES[this.#dialect.name] || step.raw !== undefined || !result.defects.some(isRefusal)) {
      return result
    }
    const settled = whole(() => settleBatch(step.operation, model, later.map((one) => one.operation), before))
    if (settled === undefined) return result
    const steps = settled.map((operation) => ({ ...step, operation }))
    const results: Result[] = []
    for (const one of steps) results.push(this.#step(one, results.at(-1)?.model ?? model, before))
    return results.some((one) => one.defects.length > 0) ? result : {
      steps,
      model: results.at(-1)?.model ?? model,
      defects: [],
      opaque: false,
    }
  }

  /** The operations of one statement: all of them, or the statement as it is written. */
  #group(group: readonly Step[], start: Model, before: Model): Result {
    const [{ raw, at }] = group as [Step]
    const broken = raw !== undefined &&
      (this.#syntax?.(raw.sql) !== undefined || group.some((one) => doesMore(one.operation, start)))
    const results: Result[] = []
    for (const step of group) results.push(this.#step(step, results.at(-1)?.model ?? start, before))
    if (raw === undefined || (!broken && results.every((one) => one.defects.length === 0))) {
      return {
        steps: results.flatMap((one) => one.steps),
        model: results.at(-1)!.model,
        defects: results.flatMap((one) => one.defects),
        opaque: results.some((one) => one.opaque),
      }
    }
    return this.#step({ operation: { op: 'execute', sql: raw.sql }, at }, start, before)
  }

  #step(step: Step, model: Model, before: Model): Result {
    const { operation, note } = settle(step.operation, model, before)
    const defect = (message: string): Problem => ({
      code: 'defect',
      severity: 'warning',
      message,
      at: step.at,
    })
    const noted = note === undefined ? [] : [defect(note)]
    const wrong = operation.op === 'execute' && typeof operation.sql === 'string'
      ? this.#syntax?.(operation.sql)
      : undefined
    if (wrong !== undefined) {
      noted.push({ ...defect(`the statement does not parse: ${wrong}`), code: 'unparsed' })
    }
    const same = { steps: [{ ...step, operation }], model, defects: noted, opaque: false }
    if (operation.only !== undefined && operation.only !== this.#dialect.name) return same
    try {
      const applied = this.#applied(operation, model)
      const opaque = definitionOf(operation).opaque?.(operation) ?? false
      const unknown = operation.op === 'todo' ? this.#vague : this.#hidden
      if (opaque) words(operation).forEach((word) => unknown.add(word))
      return {
        steps: [{ ...step, operation: applied.operation }],
        model: applied.model,
        defects: noted,
        opaque,
      }
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const defects = [
        ...noted,
        ...error.problems.map((problem) => ({ ...defect(problem.message), code: 'refused' })),
      ]
      // What it would have made is missing from here on, and is told once.
      const there = error.problems.some((problem) => problem.code.endsWith('-exists'))
      const made = !there && operation.op.startsWith('create_') && 'name' in operation
        ? operation.name
        : undefined
      if (made !== undefined && step.raw === undefined) this.#missing.add(made.toLowerCase())
      return { ...same, defects }
    }
  }

  /** SQLite alone lets a foreign key refer to a table that is not there yet. */
  #applied(operation: Operation, model: Model): { readonly operation: Operation; readonly model: Model } {
    const apply = (one: Operation) => ({ operation: one, model: definitionOf(one).apply(one, model) })
    if (!COPIES[this.#dialect.name] || operation.op !== 'create_table') return apply(operation)
    try {
      return apply(operation)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problems[0]?.code !== 'no-such-table') throw error
      return apply({ ...operation, only: this.#dialect.name })
    }
  }

  /** A defect as it is told: not where SQL may have mended it, and with a reservation, once, where a todo may. */
  #told(problem: Problem): Problem[] {
    if (problem.code === 'unparsed') return [problem]
    if (this.#isHidden(problem.message)) return []
    if (!quoted(problem.message).some((word) => this.#vague.has(word))) return [problem]
    const message = `${problem.message}, unless what is left to do before it changes that`
    if (this.#reserved.has(message)) return []
    this.#reserved.add(message)
    return [{ ...problem, code: RESERVED, message }]
  }

  #isHidden(message: string): boolean {
    return quoted(message).some((word) => this.#hidden.has(word) || this.#missing.has(word))
  }
}

/** What came of some steps. */
interface Result {
  readonly steps: readonly Step[]
  readonly model: Model
  readonly defects: readonly Problem[]
  readonly opaque: boolean
}

function isRefusal({ code }: Problem): boolean {
  return code === 'refused' || code === 'unparsed'
}

const RESERVED = 'perhaps'

function isReserved({ code }: Problem): boolean {
  return code === RESERVED
}

/** The names that a message quotes. */
function quoted(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"/g)].flatMap((one) => one[1]!.toLowerCase().split('.'))
}

/** What the work returns; undefined when the schema has not what it needs. */
function whole<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof ProblemError) return undefined
    throw error
  }
}

/** Steps that were read from one statement belong together. */
function groups(steps: readonly Step[]): Step[][] {
  const found: Step[][] = []
  for (const step of steps) {
    const last = found.at(-1)
    if (last !== undefined && step.raw !== undefined && last[0]!.raw === step.raw) last.push(step)
    else found.push([step])
  }
  return found
}

function words(operation: Operation): string[] {
  return JSON.stringify(operation).toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? []
}

function shortened(lines: readonly string[]): string {
  const told = lines.slice(0, 3).join('; ')
  return lines.length > 3 ? `${told}; and ${lines.length - 3} more` : told
}
