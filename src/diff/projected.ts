/** Objects of a schema as a dialect holds them. */
import { EMPTY } from '../model/model.ts'
import type { Model, Part } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'

/**
 * Objects of one kind as the dialect holds them; none where it has none of that kind.
 * @param types the model's, of which columns may be
 */
export function projected<K extends Part>(
  dialect: Dialect,
  part: K,
  objects: Model[K],
  { enums, domains }: Pick<Model, 'enums' | 'domains'> = EMPTY,
): Model[K] {
  return dialect.project({ ...EMPTY, enums, domains, [part]: objects })[part]
}
