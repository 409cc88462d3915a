/** Extensions: created before all that may be of their types, dropped after it. */
import { extensionUsers } from '../ops/parts/extension-users.ts'
import type { Extension } from '../model/model.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

/**
 * Creates the extensions that are missing; moves those that are not where they shall be.
 * @param placed whether one that is given no schema shall be in the default one; else it is well where it is
 */
export function createExtensions(work: Work, placed: boolean): void {
  const here = new Map(work.model.extensions.map((one) => [one.name, one]))
  for (const one of held(work, work.desired.extensions)) {
    const there = here.get(one.name)
    if (there === undefined) work.emit({ op: 'create_extension', ...one })
    else if ((placed || one.schema !== undefined) && schemaOf(there) !== schemaOf(one)) {
      const where = one.schema === undefined ? { default_schema: true } : { schema: one.schema }
      work.emit({ op: 'alter_extension', name: one.name, ...where })
    }
  }
}

/** The default schema is rarely called otherwise. */
function schemaOf({ schema = 'public' }: Extension): string {
  return schema
}

export function dropExtensions(work: Work): void {
  const wanted = new Set(work.desired.extensions.map((one) => one.name))
  for (const { name } of held(work, work.model.extensions)) {
    if (wanted.has(name)) continue
    const users = extensionUsers(work.model, name)
    if (users.length === 0) work.emit({ op: 'drop_extension', name })
    else work.note(name, `extension "${name}" is not wanted, but used by ${users.join(', ')}`)
  }
}

/** None where the dialect has none. */
function held(work: Work, some: readonly Extension[]): readonly Extension[] {
  return projected(work.dialect, 'extensions', some).length === 0 ? [] : some
}
