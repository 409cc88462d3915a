/** Rows in batches on SQLite. */
import { fault } from '../../problem.ts'
import type { BatchSpelling } from '../batches.ts'

/** What quote() writes (sqlite.org/lang_corefunc.html): NULL, a number, a text, a blob. */
const QUOTED = /^(?:NULL|-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|9\.0e\+?999)|'(?:[^']|'')*'|X'[0-9A-F]*')$/i

/**
 * A column may hold values of any type, which sort by type first: a key is kept as SQLite's own literals. A script has no
 * loop, and the database has one writer whatever it does: it is one UPDATE.
 */
export const batchSpelling: BatchSpelling = {
  text: (column) => `quote(${column})`,
  literal(text) {
    if (QUOTED.test(text)) return text
    return fault('bad-key', `the journal holds a key that is none: ${JSON.stringify(text)}`, {
      hint: 'take it out of the column "cursor" of the journal: the backfill then begins anew',
    })
  },
  script: ({ table, set, where }) => `UPDATE ${table} SET ${set} WHERE ${where}`,
}
