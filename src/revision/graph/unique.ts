/** The items without repetition, in the order of their first occurrence. */
export function unique<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)]
}
