/**
 * A golden case's text: its results are replaced key by key, so that what was written by hand, comments among it, stays
 * as it is to the letter.
 */
import assert from 'node:assert/strict'
import { mappingLines } from '../../src/revision/yaml/layout.ts'
import { RESULT_KEYS } from './case.ts'
import type { Case, Results } from './case.ts'

type Key = (typeof RESULT_KEYS)[number]

/** A top-level key with its value as it stands in the text, and the comment lines before it. */
interface Part {
  readonly key: string
  readonly lead: string
  readonly body: string
}

/** The keys whose values are not what they should be. */
export function differing(actual: Results, expected: Results): Key[] {
  return RESULT_KEYS.filter((key) => render(key, actual[key]) !== render(key, expected[key]))
}

/** A result as it is written. */
export function render(key: Key, value: Results[Key]): string {
  if (value === undefined) return ''
  return mappingLines({ [key]: value }, 0).map((line) => `${line}\n`).join('')
}

/** The text of the case with these results. An `error` that stands in it is an expectation: it is left alone. */
export function updated(one: Case, actual: Results): string {
  const { head, parts } = split(one.text)
  const changed = new Set(differing(actual, one.expected))
  const kept = parts.flatMap((part): Part[] => {
    if (!changed.has(part.key as Key)) return [part]
    const body = render(part.key as Key, actual[part.key as Key])
    return body === '' ? [] : [{ ...part, body }]
  })
  for (const key of RESULT_KEYS) {
    if (!changed.has(key) || actual[key] === undefined || kept.some((part) => part.key === key)) continue
    kept.splice(placeOf(key, kept), 0, { key, lead: '', body: render(key, actual[key]) })
  }
  return head + kept.map((part) => part.lead + part.body).join('')
}

/** Behind the last of the keys that are written before it. */
function placeOf(key: Key, parts: readonly Part[]): number {
  const later = new Set<string>(RESULT_KEYS.slice(RESULT_KEYS.indexOf(key)))
  const last = parts.findLastIndex((part) => !later.has(part.key))
  return last + 1
}

function split(text: string): { readonly head: string; readonly parts: Part[] } {
  const parts: Part[] = []
  let pending = ''
  let head = ''
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const key = /^([a-z_]+):/.exec(line)?.[1]
    if (key !== undefined) {
      parts.push({ key, lead: pending, body: line })
      pending = ''
    } else if (parts.length > 0 && /^\s*(#.*)?\s*$/.test(line)) pending += line
    else if (parts.length === 0) head += line
    else {
      const last = parts.pop()!
      parts.push({ ...last, body: last.body + pending + line })
      pending = ''
    }
  }
  if (pending !== '') {
    const last = parts.pop()!
    parts.push({ ...last, body: last.body + pending })
  }
  return { head, parts: parts.map((part) => ({ ...part, body: part.body.replace(/\n?$/, '\n') })) }
}

/** Fails, showing how the results differ line by line. */
export function assertGolden(one: Case, actual: Results): void {
  const text = (results: Results) => RESULT_KEYS.map((key) => render(key, results[key])).join('')
  assert.equal(text(actual), text(one.expected), `${one.file} is not current: see scripts/golden.ts`)
}
