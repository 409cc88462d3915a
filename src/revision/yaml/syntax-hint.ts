/** What to do about a text that is no YAML. */
import type { Document } from 'yaml'

const HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put text that contains ": " in quotes',
  BLOCK_IN_FLOW: 'put text that contains ": " in quotes',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_SCALAR_START: 'put text that begins with this character in quotes',
  MULTILINE_IMPLICIT_KEY: 'is a colon missing, or a quote not closed?',
  MISSING_CHAR: 'is a quote, a bracket or a comma missing?',
  BAD_INDENT: 'is a bracket not closed, or a line not indented like its neighbours?',
  UNEXPECTED_TOKEN: 'is a bracket or a quote missing?',
}

/** What to do about a syntax error of the library's, at its offset. */
export function syntaxHint(
  { code, message }: Document['errors'][number],
  text: string,
  offset: number,
): string | undefined {
  if (text.slice(offset - 1, offset + 1) === '${') return 'put text with ${…} in quotes'
  const isList = /^\s*-/.test(text.slice(offset))
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && isList && /\[\]\s*(?:#.*\s*)*$/.test(text.slice(0, offset))) {
    return 'a list stands below "[]", which is one already: take the "[]" out'
  }
  const array = /^(?:\[\s*\])+/.exec(text.slice(offset))
  const word = /[^\s,:{[]*$/.exec(text.slice(0, offset))![0]
  if (array !== null && word !== '') return `put it in quotes: "${word}${array[0]}"`
  const indented = text[offset - 1] === '\t' && /^\s*$/.test(lineUpTo(text, offset))
  if (text[offset] === '\t' || indented) return HINTS['TAB_AS_INDENT']
  return message.startsWith('Sequence item without') ? HINTS['BAD_INDENT'] : HINTS[code]
}

function lineUpTo(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
}

/** What to do about a {@link conflictMarker}. */
export const SETTLE =
  'keep one side, or both, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>'

/** Where a merge of version control left the first of its marks in a text, in characters from 0. */
export function conflictMarker(text: string): number | undefined {
  return /^(?:<{7}|\|{7}|>{7}) .*$/m.exec(text)?.index
}
