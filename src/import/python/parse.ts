/** Python as data. It is read by a grammar and never run. */
import type { parser } from '@lezer/python'
import { EXIT, fault, locate } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { spanAt } from '../../revision/yaml/text.ts'
import { Reader } from './node.ts'
import { statements } from './statement.ts'
import type { Statement } from './syntax.ts'

export type Grammar = typeof parser

/** The grammar of Python; loaded by whoever imports Python alone. */
export async function loadGrammar(): Promise<Grammar> {
  return (await import('@lezer/python')).parser
}

/**
 * The statements of a module.
 * @param file its path, for problems
 * @throws `python-syntax`, `too-deep` with exit code 2, at their place
 */
export function parsePython(grammar: Grammar, source: string, file: string): Statement[] {
  const deep = tooDeep(source)
  if (deep !== undefined) {
    fault('too-deep', 'the Python is nested too deeply', { exit: EXIT.usage, at: spanAt(file, source, deep) })
  }
  const tree = grammar.parse(openWith(source))
  const cursor = tree.cursor()
  do {
    if (!cursor.type.isError) continue
    fault('python-syntax', 'this is no Python that can be read', {
      exit: EXIT.usage,
      at: spanAt(file, source, cursor.from),
    })
  } while (cursor.next())
  const placed = (problem: Problem) => ({ ...problem, at: spanAt(file, source, 0) })
  return locate(placed, () => statements(tree.topNode, new Reader(source)))
}

/**
 * `with (a as b, c as d):` without its parentheses, and in one line, which is all that the grammar knows: everything
 * stays at its place.
 */
function openWith(source: string): string {
  let text = source
  for (const { index, 0: opening } of source.matchAll(/^[ \t]*with[ \t]*\(/gm)) {
    const from = index + opening.length - 1
    const inside = itemsInParentheses(source, from)
    if (inside === undefined) continue
    const blank = (at: number) => text = `${text.slice(0, at)} ${text.slice(at + 1)}`
    inside.forEach(blank)
  }
  return text
}

/** What is to be blank between the parenthesis and its end. @returns undefined when no `as` is between them */
function itemsInParentheses(source: string, from: number): number[] | undefined {
  const blanks: number[] = []
  let [depth, named, comma] = [0, false, -1]
  for (const { 0: token, index } of source.slice(from).matchAll(ITEM)) {
    const at = from + index
    if (depth === 1 && token.startsWith('#')) blanks.push(...Array.from(token, (_, i) => at + i))
    if (depth === 1 && /^[\r\n]$/.test(token)) blanks.push(at)
    if (/^[#\r\n]/.test(token)) continue
    if ('([{'.includes(token)) depth++
    if (')]}'.includes(token)) depth--
    if (depth === 0) {
      if (comma >= 0) blanks.push(comma)
      return named ? [...blanks, from, at] : undefined
    }
    comma = token === ',' ? at : -1
    if (depth === 1 && token === 'as') named = true
  }
  return undefined
}

const ITEM = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|#[^\r\n]*|\w+|[^\w \t]/g

/** Strings and comments, which may hold brackets; brackets; and prefix operators in a row. */
const TOKEN =
  /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|#[^\n]*|[([{]|[)\]}]|(?:not\s+|[-+~]\s*){200}/g

const MOST_BRACKETS = 150

/** Where brackets nest too deeply for the grammar, whose time grows with the square of that. */
function tooDeep(source: string): number | undefined {
  let depth = 0
  for (const { 0: text, index } of source.matchAll(TOKEN)) {
    if (text.length > 1) {
      if (/^(?:not\s|[-+~])/.test(text)) return index
      continue
    }
    depth += '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0
    if (depth > MOST_BRACKETS) return index
  }
  return undefined
}
