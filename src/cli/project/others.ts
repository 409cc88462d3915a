/** What is in a database and was never this project's. */
import { filtered } from '../../diff/filter.ts'
import type { Filter } from '../../diff/filter.ts'
import { ProblemError } from '../../problem.ts'
import { schemasOf } from '../../model/schemas-of.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import type { Target } from '../../plan/compile.ts'
import { pastOf } from '../../run/prepare/past.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Project } from './project.ts'

/** What is not compared, and the schemas that are where the configuration does not say. */
export type Others = Pick<Filter, 'schemas' | 'exclude'>

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
 * What of a database is not compared because it is others': schemas, where the configuration names none (Alembic's
 * `include_schemas=False` leaves all but the default one alone), and extensions, which many a provider installs. The
 * project's are those that its models or its revisions name. What is left alone is told.
 * @param said what models and revisions say
 */
export function othersIn(
  invocation: Invocation,
  { config }: Project,
  live: Model,
  said: readonly Model[],
): Others {
  const schemas = config.schemas === undefined ? ownSchemas(invocation, live, said) : undefined
  const others = othersExtensions(invocation, config, live, said)
  return {
    ...(schemas === undefined ? {} : { schemas }),
    ...(others.length === 0 ? {} : { exclude: others.map((name) => `extension:${name}`) }),
  }
}

/** @returns undefined where all are compared */
function ownSchemas(
  { io, options }: Invocation,
  live: Model,
  said: readonly Model[],
): readonly string[] | undefined {
  const own = new Set(said.flatMap((one) => [...schemasOf(one)]))
  const others = [...schemasOf(live)].filter((one) => !own.has(one))
  if (others.length === 0) return undefined
  const [list, them] = [quoted(others), others.length === 1 ? 'it' : 'them']
  printWarning(io, options, {
    code: 'not-compared',
    message: `what is in ${
      others.length === 1 ? `schema ${list}` : `schemas ${list}`
    } is not compared: neither models nor revisions name ${them}`,
    hint: '`schemas:` in limbeck.yaml says which are: [] for the default one alone',
  })
  return [...own]
}

function othersExtensions(
  { io, options }: Invocation,
  config: Filter,
  live: Model,
  said: readonly Model[],
): readonly string[] {
  const own = new Set(said.flatMap((one) => one.extensions.map(({ name }) => name)))
  // What the configuration leaves out anyway is kept by it, and not worth a word.
  const out = filtered(EMPTY, { ...EMPTY, extensions: live.extensions }, config).extensions
  const others = live.extensions.filter((one) => !own.has(one.name) && !out.includes(one))
    .map(({ name }) => name)
  if (others.length === 0) return []
  const [list, them] = [quoted(others), others.length === 1 ? 'it' : 'them']
  printWarning(io, options, {
    code: 'not-compared',
    message: `${
      others.length === 1 ? `extension ${list} is` : `extensions ${list} are`
    } not compared: neither models nor revisions name ${them}`,
    hint: `\`extensions:\` in the models makes ${them} this project's; \`exclude: [${
      others.map((name) => `"extension:${name}"`).join(', ')
    }]\` in limbeck.yaml ends this warning`,
  })
  return others
}

function quoted(names: readonly string[]): string {
  return names.map((one) => `"${one}"`).join(', ')
}
