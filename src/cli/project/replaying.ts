/** The schemas of a history where SQL of unknown effect is in it: found out in a scratch database, or said not to be known. */
import { EXIT, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import { knownUpgrades, REPLAYED } from '../../identify/measured.ts'
import type { Scratch, Upgrades } from '../../identify/measured.ts'
import { schemaAt } from '../../identify/schemas.ts'
import type { Target } from '../../plan/compile.ts'
import { placeOf } from '../../plan/placed.ts'
import { ancestors } from '../../revision/graph/traverse.ts'
import { opaqueOf } from '../../run/prepare/past.ts'
import type { Invocation } from '../command.ts'
import { historyModel } from './comparing.ts'
import { databaseUrl } from './database.ts'
import { printNote, printWarning, shownPath } from '../output/print.ts'
import type { Project } from './project.ts'

/** The schema at some revisions; undefined where it cannot be told. */
export type Schemas = (ids: readonly string[]) => Promise<Model | undefined>

const DECLARE = 'declare what it does with `effects:`'

/** Makes databases beside the one that the command line means, and drops them. */
export function scratchOf(invocation: Invocation, project: Project, dialect: Dialect): Scratch {
  const { env, cwd } = invocation.io
  const { url } = databaseUrl(invocation, project)
  return (work) => dialect.withScratch('SELECT 1', { url, env, cwd }, work)
}

/**
 * The schemas of the history, as the database's server would have them. Where the history cannot be replayed in a scratch
 * database, SQL of unknown effect is taken to have none; where it cannot be replayed so either, a warning says why.
 * @throws the problems of the files, and of operations before which there is no SQL of unknown effect
 */
export function replayedSchemas(invocation: Invocation, project: Project, target: Target): Schemas {
  const { io, options } = invocation
  const { history, graph, config: { naming } } = project
  let measured: Promise<Upgrades | ProblemError> | undefined
  const measure = async () => {
    let isNeeded = false
    const note = () => {
      isNeeded = true
      printNote(io, options, REPLAYED)
    }
    const scratch = scratchOf(invocation, project, target.dialect)
    try {
      return await knownUpgrades({ history, ...target, naming, scratch, note })
    } catch (error) {
      if (!isNeeded || !(error instanceof ProblemError)) throw error
      return error
    }
  }
  return async (ids) => {
    measured ??= measure()
    const upgrades = await measured
    if (upgrades instanceof ProblemError) {
      return await withoutScratch(invocation, project, target, ids, upgrades)
    }
    return schemaAt(graph, ids, upgrades, naming)
  }
}

async function withoutScratch(
  invocation: Invocation,
  project: Project,
  target: Target,
  ids: readonly string[],
  why: ProblemError,
): Promise<Model | undefined> {
  try {
    return await historyModel(invocation, project, target, ids)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit === EXIT.usage) throw error
  }
  const { io, options } = invocation
  const [first] = why.problems.map(({ severity: _, ...problem }) => problem)
  printWarning(io, options, {
    ...first,
    code: 'not-replayable',
    message: 'the history cannot be replayed: it is not compared',
    notes: [...why.problems.map((one) => one.message), ...(first?.notes ?? [])],
    hint: first?.hint ?? DECLARE,
  })
  return undefined
}

const SO_MANY = 3

/**
 * Works on the history without a database. Where an operation does not find what SQL of unknown effect may have made, or
 * finds what it may have taken away, the message names that SQL.
 * @throws what `work` throws, with exit code 2 then
 */
export async function blamingSql<T>(
  { io }: Invocation,
  { graph, history }: Project,
  target: Target,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit !== EXIT.failed) throw error
    const blamed = await Promise.all(error.problems.map(suspects))
    if (blamed.every((places) => places.length === 0)) throw error
    const problems = error.problems.map((problem, i) => blamedOn(problem, blamed[i]!))
    return faults(problems, EXIT.usage, error.cause)
  }

  async function suspects({ code, at }: Problem): Promise<string[]> {
    const failing = graph.revisions.find((one) => one.file === at?.file)
    if (at === undefined || failing === undefined || !/^no-such-|-exists$|^still-/.test(code)) return []
    const before = [...ancestors(graph, [failing], 'all')].sort((a, b) => a.rank - b.rank)
    const documents = await history.load(before.map((one) => one.id))
    return before.flatMap(({ id }) =>
      opaqueOf(documents.get(id)!.upgrade, target).flatMap((placed) => {
        const place = placeOf(placed)
        const isLater = place === undefined || (place.file === at.file && place.line >= at.line)
        return isLater ? [] : [`${shownPath(place.file, io.cwd)}:${place.line}:${place.col}`]
      })
    )
  }
}

function blamedOn(problem: Problem, places: readonly string[]): Problem {
  if (places.length === 0) return problem
  const last = places.slice(-SO_MANY)
  const more = places.length - last.length
  const where = `${last.join(', ')}${more === 0 ? '' : ` and ${more} more before`}`
  return {
    ...problem,
    notes: [...(problem.notes ?? []), `what the SQL at ${where} does to the schema is not known`],
    hint: `${DECLARE}${problem.hint === undefined ? '' : `; ${problem.hint}`}`,
  }
}
