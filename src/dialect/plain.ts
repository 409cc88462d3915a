/** Texts that may stand in one message with others. */

const QUOTED = /"[^"]*"|'[^'\\]*'/g

/** A quote that is open, a comment, the end of a command, and each other way to quote that a dialect has. */
const OPEN = /["'`$\\;[]|--|\/\*/

/** What begins or ends a transaction, and what makes the server wait for data. */
const TURNS = /\b(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare|copy)\b/i

/** Whether a text is one command and stays what it is beside others. Of a text that is hard to read it says no. */
export function isPlain(text: string): boolean {
  const rest = text.replaceAll(QUOTED, ' ')
  return !OPEN.test(rest.replaceAll('[]', ' ')) && !TURNS.test(rest)
}
