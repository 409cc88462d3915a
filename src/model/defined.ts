/** The object without its undefined fields, so that what is equal in a model is equal field by field. */
export function defined<T extends object>(object: T): T {
  const kept: Partial<T> = {}
  // A loop: this runs for every column of every table.
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key]
  return kept as T
}
