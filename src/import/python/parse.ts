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
  const tree = grammar.parse(source)
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
