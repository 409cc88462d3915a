/** Changing rows in batches: what a statement says of it, and what a dialect has to spell for it. Types only. */

/**
 * Rows that are changed in batches, in the order of a key, each batch in a transaction of its own. Its parts are SQL:
 * names and literals in them are spelled.
 */
export interface Batches {
  readonly table: string
  /** The columns of the key. */
  readonly key: readonly string[]
  /** `a = 1, b = lower(c)`. */
  readonly set: string
  /** In parentheses. */
  readonly where: string
  /** How many rows a batch has at most; more only where several rows have the same key. */
  readonly size: number
  /** Milliseconds between two batches. */
  readonly pause: number
}

/** How a dialect changes rows in batches. */
export interface BatchSpelling {
  /** An expression: the value of a key column as text. */
  text(column: string): string
  /** That text as SQL again: exactly the value that it was. @throws `bad-key` for what cannot be one */
  literal(text: string): string
  /** One statement that does it all without the tool. */
  script(batches: Batches): string
}
