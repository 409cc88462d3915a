/** What alter_column does to an identity and to a generated column. PostgreSQL. */
import type { Identity, SequenceOptions } from '../../model/model.ts'
import * as ansi from '../../dialect/ansi.ts'
import { fault } from '../../problem.ts'
import { firstValue } from '../parts/sequence.ts'
import type { Alteration } from './postgres.ts'

/** What comes after ALTER COLUMN name, before the type changes and after it. */
interface Actions {
  readonly drop: readonly string[]
  readonly set: readonly string[]
}

const NONE: Actions = { drop: [], set: [] }

const words = (one: Identity) => one.generated === 'always' ? 'ALWAYS' : 'BY DEFAULT'

/** ADD GENERATED, SET GENERATED with the options that changed, DROP IDENTITY. */
export function identityActions({ old, now }: Alteration): Actions {
  const { identity: was } = old
  const { identity } = now
  if (was === undefined && identity === undefined) return NONE
  if (identity === undefined) return { drop: ['DROP IDENTITY'], set: [] }
  if (was === undefined) {
    const options = ansi.sequenceOptions(identity)
    const list = options === '' ? '' : ` (${options})`
    return { drop: [], set: [`ADD GENERATED ${words(identity)} AS IDENTITY${list}`] }
  }
  const sets = [
    ...(was.generated === identity.generated ? [] : [`SET GENERATED ${words(identity)}`]),
    ...changedOptions(was, identity),
  ]
  return sets.length === 0 ? NONE : { drop: [], set: [sets.join(' ')] }
}

/** What an option is when it is not given. */
const DEFAULTS: Required<Omit<SequenceOptions, 'start'>> = {
  increment: 1,
  minValue: null,
  maxValue: null,
  cache: 1,
  cycle: false,
}

/** The options that differ, each with SET; one that is gone gets its default. */
function changedOptions(was: SequenceOptions, now: SequenceOptions): string[] {
  const names = [...Object.keys(DEFAULTS), 'start'] as (keyof SequenceOptions)[]
  return names.filter((name) => was[name] !== now[name]).map((name) => {
    const fallback = name === 'start' ? { start: firstValue(now) } : { [name]: DEFAULTS[name] }
    const given = now[name] === undefined ? fallback : { [name]: now[name] }
    return `SET ${ansi.sequenceOptions(given)}`
  })
}

/**
 * SET EXPRESSION (PostgreSQL 17) and DROP EXPRESSION; nothing else can be done to a generated column.
 * @throws `unsupported`
 */
export function expressionActions({ old, now, cx }: Alteration): Actions {
  const { generated: was } = old
  const { generated } = now
  if (was === undefined && generated === undefined) return NONE
  const refuse = (what: string): never =>
    fault('unsupported', `PostgreSQL ${what} ("${old.name}")`, {
      path: ['generated'],
      hint: 'drop the column and add it anew',
    })
  if (was === undefined) return refuse('cannot make a generated column of a plain one')
  if (generated === undefined) {
    return was.stored
      ? { drop: ['DROP EXPRESSION'], set: [] }
      : refuse('cannot make a plain column of a virtual one')
  }
  if (was.stored !== generated.stored) return refuse('cannot store a virtual column or the other way round')
  if (was.expression === generated.expression) return NONE
  if (cx.server.version < 170000) return refuse('before 17 cannot change what a column is computed from')
  return { drop: [], set: [`SET EXPRESSION AS ${ansi.inParentheses(generated.expression)}`] }
}
