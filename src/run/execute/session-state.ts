/** What a session was told and another one does not know: a run that goes on with a revision tells it again. */
import { EMPTY } from '../../model/model.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import type { Target } from '../../plan/compile.ts'
import { foresee } from '../../plan/foresee.ts'
import type { PreparedStep } from '../session/prepared-step.ts'

/** SET that holds for a transaction only. */
const OF_TRANSACTION: ReadonlySet<string | undefined> = new Set(['LOCAL', 'TRANSACTION', 'CONSTRAINTS'])

/** Whether a statement is SET, RESET, or set_config(…, false), as pg_dump writes it. */
function setsSession(sql: string): boolean {
  const keys = tokenize(sql, 'either').map(({ key }) => key)
  if (keys[0] === 'SET') return !OF_TRANSACTION.has(keys[1])
  if (keys[0] === 'RESET') return true
  return keys[0] === 'SELECT' && keys.includes('SET_CONFIG') && keys.at(-2) === 'FALSE'
}

/** The statements of a resumed revision, among those that are done, that say how its session is. */
export function sessionState({ operations, resumed }: PreparedStep, target: Target): readonly string[] {
  if (resumed === undefined) return []
  const { all, left, partly } = resumed
  const begun = all.slice(0, all.length - operations.length)
  const whole = left.length > 0 ? begun.slice(0, -1) : begun
  const part = left.length > 0 ? begun.slice(-1) : []
  const statements = [
    ...foresee(whole, EMPTY, target),
    ...foresee(part, EMPTY, target).slice(0, partly),
  ]
  return statements.map(({ sql }) => sql).filter(setsSession)
}
