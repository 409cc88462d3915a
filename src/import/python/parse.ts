/** Python as data. It is read by a grammar and never run. */
import type { parser } from '@lezer/python'
import { EXIT, fault } from '../../problem.ts'
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
  const tree = grammar.parse(source)
  const cursor = tree.cursor()
  do {
    if (!cursor.type.isError) continue
    fault('python-syntax', 'this is no Python that can be read', {
      exit: EXIT.usage,
      at: spanAt(file, source, cursor.from),
    })
  } while (cursor.next())
  return statements(tree.topNode, new Reader(source))
}
