/** A typed line as a shell reads it: assignments before the command, words, quotes. */
import assert from 'node:assert/strict'

export interface Typed {
  readonly env: Readonly<Record<string, string>>
  readonly words: readonly string[]
}

/** Knows '…', "…", and a backslash; whatever else a shell does is not in transcripts of limbeck itself. */
export function readLine(line: string): Typed {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (char === '\\' && quote !== "'") word = (word ?? '') + line[++i]
    else if (quote !== '' ? char === quote : char === '"' || char === "'") {
      word ??= ''
      quote = quote === '' ? char : ''
    } else if (char === ' ' && quote === '') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  assert.equal(quote, '', `an open quote: ${line}`)
  if (word !== undefined) words.push(word)
  const isAssignment = (text: string) => /^[A-Z_]+=/.test(text)
  const at = words.findIndex((text) => !isAssignment(text))
  const assignments = at === -1 ? words : words.slice(0, at)
  const env = Object.fromEntries(assignments.map((text) => {
    const equals = text.indexOf('=')
    return [text.slice(0, equals), text.slice(equals + 1)]
  }))
  return { env, words: at === -1 ? [] : words.slice(at) }
}
