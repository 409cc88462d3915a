/** Functions and procedures: replaced where PostgreSQL can, else dropped and created. */
import type { Routine } from '../model/model.ts'
import { sameName } from '../model/edit.ts'
import { argumentDefaults, inputTypes, isStandardBody, signature } from '../model/routine.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import { callingTriggers, fromRoutine, obstacle } from '../ops/parts/on-routine.ts'
import { routineUsers } from '../ops/parts/routine-users.ts'
import { Names, wordsOf } from './mention.ts'
import { silent } from '../model/identical.ts'
import { ordered } from './order.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

function bySignature(routines: readonly Routine[]): Map<string, Routine> {
  return new Map(routines.map((one) => [signature(one), one]))
}

/** As the dialect holds it; undefined when it has none. */
function held(work: Work, one: Routine): Routine | undefined {
  return projected(work.dialect, 'functions', [one])[0]
}

interface Pair {
  readonly from: Routine
  readonly to: Routine
}

function changed(work: Work): Pair[] {
  const wanted = bySignature(work.desired.functions)
  return work.model.functions.flatMap((from) => {
    const to = wanted.get(signature(from))
    if (to === undefined) return []
    const [a, b] = [held(work, from), held(work, to)]
    if (a === undefined || b === undefined) return []
    if (differences('', silent(a), silent(b), work.dialect).length === 0) return []
    return [{ from, to }]
  })
}

/** Those that cannot be replaced by what they shall be. */
export function brokenRoutines(work: Work): Routine[] {
  return changed(work).filter(({ from, to }) => obstacle(from, to) !== undefined).map((one) => one.from)
}

/** Those that are missing, or to be replaced. */
export function newRoutines(work: Work): Routine[] {
  const here = bySignature(work.model.functions)
  const missing = work.desired.functions.filter((one) =>
    !here.has(signature(one)) && held(work, one) !== undefined
  )
  return [...missing, ...changed(work).map((one) => one.to)]
}

/** The names of types in what it takes and returns. */
export function signatureWords(one: Routine): Set<string> {
  return wordsOf(one.returns, ...one.arguments.map((argument) => argument.type))
}

/** The names in what PostgreSQL looks at when it is created: the body of a language that is parsed then. */
export function creationWords(one: Routine): Set<string> {
  const body = one.language === 'sql' ? one.body : undefined
  return new Set([...signatureWords(one), ...wordsOf(body, ...argumentDefaults(one))])
}

/** The names in the declarations of PL/pgSQL: PostgreSQL looks their types up when the function is created. */
export function declaredWords({ language, body }: Routine): Set<string> {
  if (language !== 'plpgsql') return new Set()
  return wordsOf(...[...body.matchAll(/\bdeclare\b(.*?)\bbegin\b/gis)].map(([, declared]) => declared))
}

/** The names that PostgreSQL keeps a dependency on besides those of its types. */
export function boundWords(one: Routine): Set<string> {
  return wordsOf(...boundTexts(one))
}

/** What PostgreSQL keeps dependencies of: a standard body, and defaults. */
export function boundTexts(one: Routine): string[] {
  return [...(isStandardBody(one) ? [one.body] : []), ...argumentDefaults(one)]
}

/** Something else that goes, by the name that functions read it by, and with the words of what it calls. */
export interface Caller {
  readonly key: string
  readonly name: string
  readonly words: ReadonlySet<string>
  build(): void
}

/** Drops functions, those that call others first, and what else calls them or is read by them. */
export function dropRoutines(
  work: Work,
  routines: readonly Routine[],
  callers: readonly Caller[] = [],
): void {
  const all = [
    ...callers,
    ...routines.map((one): Caller => ({
      key: signature(one),
      name: one.name,
      words: boundWords(one),
      build() {
        if (bySignature(work.model.functions).has(signature(one))) work.emit(dropping(one))
      },
    })),
  ]
  const names = new Names()
  for (const one of all) names.add(one.name, one.key)
  const nodes = all.map(({ key, words, build }, at) => ({
    key,
    // From behind: what else goes is dropped as early as can be.
    rank: at < callers.length ? 1 : 0,
    needs: new Set<string>(),
    wants: names.named(words, key),
    build,
  }))
  for (const node of ordered(nodes).reverse()) node.build()
}

function dropping({ kind, name, schema, arguments: args }: Routine) {
  const fields = defined({ name, schema, arguments: inputTypes(args) })
  return kind === 'function'
    ? { op: 'drop_function' as const, ...fields }
    : { op: 'drop_procedure' as const, ...fields }
}

export function createRoutine(work: Work, one: Routine): void {
  const exists = bySignature(work.model.functions).has(signature(one))
  work.emit(fromRoutine(one, exists ? { or_replace: true } : {}))
}

/** Drops the functions that shall not be and that nothing calls which is there and shall be, or has still to go. */
export function dropUncalled(work: Work): void {
  dropRoutines(work, goneRoutines(work).filter((one) => callers(work, one).length === 0))
}

/** Says of the functions that are there and shall not be what calls them. */
export function noteCalled(work: Work): void {
  for (const one of goneRoutines(work)) {
    work.note(
      signature(one),
      `${one.kind} "${signature(one)}" is not wanted, but used by ${callers(work, one).join(', ')}`,
    )
  }
}

/** What calls a function, but for those that shall not be either. */
function callers({ model, desired }: Work, routine: Routine): string[] {
  const wanted = bySignature(desired.functions)
  const staying = { ...model, functions: model.functions.filter((one) => wanted.has(signature(one))) }
  return [...callingTriggers(staying, routine), ...routineUsers(staying, routine)]
}

/**
 * The functions that shall not be while others of their names shall: one whose arguments are otherwise is another one. What
 * calls the name may hold the old one, and get the new one only by being created again.
 */
export function supplantedRoutines(work: Work): Routine[] {
  return goneRoutines(work).filter((one) => work.desired.functions.some((other) => sameName(other, one)))
}

/** The functions that shall not be. */
export function goneRoutines(work: Work): Routine[] {
  const wanted = bySignature(work.desired.functions)
  return work.model.functions.filter((one) => !wanted.has(signature(one)) && held(work, one) !== undefined)
}
