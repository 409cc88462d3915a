/**
 * What SQL texts may name. It errs on the side of more: a text that has the word, even in a string (`nextval('s')`),
 * mentions it. Ordering and taking out of the way must not miss anything.
 */
import type { Column, Default, SqlText, Table } from '../model/model.ts'
import { nameOf, tokenize } from '../model/sql-tokens.ts'
import { element } from '../model/types.ts'

const WORD = /"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]+)\]|([\p{L}_][\p{L}\p{N}_$]*)/gu

/** The names in a text: words in lower case and as written, names in quotes without them. */
export function wordsOf(...texts: readonly (SqlText | undefined)[]): Set<string> {
  const words = new Set<string>()
  for (const text of texts) {
    const parts = text === undefined ? [] : typeof text === 'string' ? [text] : Object.values(text)
    for (const part of parts) addWords(part, words)
  }
  return words
}

function addWords(text: string, words: Set<string>): void {
  for (const [, double, back, bracket, word] of text.matchAll(WORD)) {
    if (word !== undefined) words.add(word).add(word.toLowerCase())
    else if (bracket !== undefined) addInner(bracket, words)
    else addInner((double ?? back)!.replaceAll(/""|``/g, (two) => two[0]!), words)
  }
}

/** What looks like a quoted name may be an array's subscript: the words in it count too. */
function addInner(inner: string, words: Set<string>): void {
  words.add(inner)
  for (const [word] of inner.matchAll(/[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(word).add(word.toLowerCase())
}

/** The names of the types that texts cast to, without their schemas: `x::mood`, `CAST(x AS app.mood)`. */
export function castWords(...texts: readonly (SqlText | undefined)[]): Set<string> {
  const words = new Set<string>()
  for (const text of texts) {
    for (const part of text === undefined ? [] : typeof text === 'string' ? [text] : Object.values(text)) {
      const tokens = tokenize(part, 'postgres')
      tokens.forEach(({ key }, at) => {
        if (key !== '::' && key !== 'AS') return
        const name = tokens[tokens[at + 2]?.key === '.' ? at + 3 : at + 1]
        if (name !== undefined) words.add(nameOf(name))
      })
    }
  }
  return words
}

/** Whether one of the words is the name. */
export function has(words: ReadonlySet<string>, name: string): boolean {
  return words.has(name) || words.has(name.toLowerCase())
}

/** The texts in a table that functions, sequences and types may be named in. */
export function expressionsOf(table: Table): string[] {
  const texts = [
    ...table.columns.flatMap((one) => [
      expressionOf(one.default),
      one.generated?.expression,
      nativeType(one),
    ]),
    ...table.checks.map((one) => one.expression),
    ...table.excludes.flatMap((one) => [one.where, ...one.elements.map((each) => each.expression)]),
    ...table.indexes.flatMap((one) => [one.where, ...one.keys.map((key) => key.expression)]),
    ...table.policies?.flatMap((one) => [one.using, one.check]) ?? [],
    table.partitionBy,
  ]
  return texts.filter((one) => one !== undefined)
}

export function expressionOf(value: Default | undefined): string | undefined {
  return value !== undefined && 'expression' in value ? value.expression : undefined
}

/** A type of the database's own, which may be that of another table's rows. */
export function nativeType({ type }: Column): string | undefined {
  const one = element(type)
  return one.kind === 'native' ? one.postgres : undefined
}

/** Things by the names that texts call them by. */
export class Names {
  readonly #keys = new Map<string, string[]>()

  add(name: string, key: string): void {
    const keys = this.#keys.get(name)
    if (keys === undefined) this.#keys.set(name, [key])
    else keys.push(key)
  }

  /** The keys of what the words may name, but for one. */
  named(words: ReadonlySet<string>, but?: string): Set<string> {
    const found = new Set<string>()
    for (const word of words) for (const key of this.#keys.get(word) ?? []) if (key !== but) found.add(key)
    return found
  }
}
