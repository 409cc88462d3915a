/** The models of a project. */
import { faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import type { Target } from '../../plan/compile.ts'
import { loadModels } from '../../models/load.ts'
import type { Invocation } from '../command.ts'
import { databaseUrl } from './database.ts'
import type { Project } from './project.ts'

/**
 * The schema that the models declare, for this dialect.
 * @throws what is wrong with them, at its place in their files, else at `models:` of the configuration
 */
export async function projectModels(
  invocation: Invocation,
  project: Project,
  { dialect, server }: Target,
): Promise<Model> {
  const { config, root } = project
  try {
    return await loadModels(config.models, dialect, {
      root,
      env: invocation.io.env,
      database: databaseUrl(invocation, project).url,
      except: [project.versionTable, project.journal],
      ...(server.schema === undefined ? {} : { home: server.schema }),
      ...(config.naming === undefined ? {} : { naming: config.naming }),
      ...(config.schemas === undefined ? {} : { schemas: config.schemas }),
    })
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return faults(error.problems.map((one) => inConfig(one, project)), error.exit, error.cause)
  }
}

/** A problem without a place is one of what the configuration says. */
function inConfig(problem: Problem, project: Project): Problem {
  if (problem.at !== undefined || problem.path === undefined) return problem
  const at = project.locate(['models', ...problem.path])
  return at === undefined ? problem : { ...problem, at }
}
