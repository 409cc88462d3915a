/** The names that statements give values to. */
import type { Expression, Statement } from '../python/syntax.ts'

/** The names that a statement may bind, at any depth but inside functions. */
export function boundNames(statement: Statement): string[] {
  const { kind } = statement
  if (kind === 'assign') return statement.targets.flatMap(targetNames)
  if (kind === 'update') return targetNames(statement.target)
  if (kind === 'decorated') return [statement.name]
  if (kind === 'if') return statement.branches.flatMap((one) => one.body.flatMap(boundNames))
  if (kind === 'for' || kind === 'while') return statement.body.flatMap(boundNames)
  if (kind !== 'with') return []
  return [...statement.items.flatMap((one) => one.name ?? []), ...statement.body.flatMap(boundNames)]
}

function targetNames(target: Expression): string[] {
  if (target.kind === 'name') return [target.name]
  return target.kind === 'tuple' || target.kind === 'list' ? target.items.flatMap(targetNames) : []
}
