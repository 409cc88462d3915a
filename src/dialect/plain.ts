/** Texts that may stand in one message with others. */

const QUOTED = /"[^"]*"|'[^'\\]*'/g

/** A quote that is open, a comment, the end of a command, and each other way to quote that a dialect has. */
const OPEN = /["'`$\\;[]|--|\/\*/

/** What begins or ends a transaction or says of which kind it is, and what makes the server wait for data. */
const TURNS = /\b(?:begin|transaction|isolation|commit|end|rollback|abort|savepoint|release|prepare|copy)\b/i

/** Whether a text is one command and stays what it is beside others. Of a text that is hard to read it says no. */
export function isPlain(text: string): boolean {
  const rest = text.replaceAll(QUOTED, ' ')
  // SQLite reads up to NUL.
  if (text.includes('\0') || OPEN.test(rest.replaceAll('[]', ' '))) return false
  return !TURNS.test(rest) && isClosed(rest)
}

/** Whether every parenthesis is closed, and none that was not opened. */
function isClosed(text: string): boolean {
  let depth = 0
  for (const [sign] of text.matchAll(/[()]/g)) {
    depth += sign === '(' ? 1 : -1
    if (depth < 0) return false
  }
  return depth === 0
}
