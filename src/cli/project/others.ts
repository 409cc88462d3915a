/** What is in a database and was never this project's. */
import { ProblemError } from '../../problem.ts'
import { schemasOf } from '../../model/schemas-of.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import type { Target } from '../../plan/compile.ts'
import { pastOf } from '../../run/prepare/past.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Project } from './project.ts'

export interface Said {
  readonly model: Model
  /** Whether that is all: nothing is behind SQL of unknown effect or an operation that fails, or in an unreadable file. */
  readonly whole: boolean
}

/** What the revisions say of the schema at the heads, as far as they can be read and replayed; `verify` tells the rest. */
export async function saidByHistory({ graph, history, config }: Project, target: Target): Promise<Said> {
  let whole = true
  const past = pastOf(history, target, config.naming, () => void (whole = false))
  try {
    const { model, opaque } = await past.at(graph.heads)
    return { model, whole: whole && opaque.length === 0 }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { model: EMPTY, whole: false }
  }
}

/**
 * The schemas that are compared where the configuration names none and the database has some that are others': those
 * that the project's models name. Alembic's `include_schemas=False` leaves all but the default one alone.
 * @param said what models and revisions say
 * @returns undefined where all are compared, or the configuration says which
 */
export function ownSchemas(
  { io, options }: Invocation,
  { config }: Project,
  live: Model,
  said: readonly Model[],
): readonly string[] | undefined {
  if (config.schemas !== undefined) return undefined
  const own = new Set(said.flatMap((one) => [...schemasOf(one)]))
  const others = [...schemasOf(live)].filter((one) => !own.has(one))
  if (others.length === 0) return undefined
  const list = others.map((one) => `"${one}"`).join(', ')
  printWarning(io, options, {
    code: 'not-compared',
    message: `what is in ${
      others.length === 1 ? `schema ${list}` : `schemas ${list}`
    } is not compared: neither models nor revisions name ${others.length === 1 ? 'it' : 'them'}`,
    hint: '`schemas:` in limbeck.yaml says which are: [] for the default one alone',
  })
  return [...own]
}
