/** Schemas: created first, dropped last, when nothing is in them any more. */
import { EMPTY } from '../model/model.ts'
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
  return work.dialect.project({ ...EMPTY, schemas: names }).schemas.length === 0 ? [] : names
}
