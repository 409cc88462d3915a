/** Extensions: created before all that may be of their types, dropped after it. */
import { EMPTY } from '../model/model.ts'
import type { Extension } from '../model/model.ts'
import type { Work } from './work.ts'

export function createExtensions(work: Work): void {
  const here = new Map(work.model.extensions.map((one) => [one.name, one]))
  for (const one of held(work, work.desired.extensions)) {
    const there = here.get(one.name)
    if (there === undefined) work.emit({ op: 'create_extension', ...one })
    else if (one.schema !== undefined && there.schema !== one.schema) {
      work.note(one.name, `extension "${one.name}": it is in schema "${there.schema}", not "${one.schema}"`)
    }
  }
}

export function dropExtensions(work: Work): void {
  const wanted = new Set(work.desired.extensions.map((one) => one.name))
  for (const { name } of held(work, work.model.extensions)) {
    if (!wanted.has(name)) work.emit({ op: 'drop_extension', name })
  }
}

/** None where the dialect has none. */
function held(work: Work, some: readonly Extension[]): readonly Extension[] {
  return work.dialect.project({ ...EMPTY, extensions: some }).extensions.length === 0 ? [] : some
}
