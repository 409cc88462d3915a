/** Schemas: created first, dropped last, when nothing is in them any more. */
import { projected } from './projected.ts'
import type { Work } from './work.ts'

export function createSchemas(work: Work): void {
  for (const name of held(work, work.desired.schemas)) {
    if (!work.model.schemas.includes(name)) work.emit({ op: 'create_schema', name })
  }
}

export function dropSchemas(work: Work): void {
  for (const name of held(work, work.model.schemas)) {
    if (!work.desired.schemas.includes(name)) work.emit({ op: 'drop_schema', name })
  }
}

/** None where the dialect has none. */
function held(work: Work, names: readonly string[]): readonly string[] {
  return projected(work.dialect, 'schemas', names).length === 0 ? [] : names
}
