/** What a table holds under a word that people gave: of `constructor` too, which every object inherits, what is its own. */
export function ownValue<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
