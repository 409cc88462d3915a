/**
 * What gets out of the way before anything is changed: views that read a column which goes or changes its type, what is
 * of a type that is made anew, what calls a function that is dropped. Everything that is taken out and shall be there is
 * missing afterwards, and created like all that is missing.
 */
import type { DataType, Routine } from '../model/model.ts'
import { isRaw } from '../model/trigger.ts'
import { element } from '../model/types.ts'
import { isNested, takeDomainOut } from './domains.ts'
import { callsOf, computedOut, freeDomains, freeTables } from './free.ts'
import {
  boundTexts,
  boundWords,
  brokenRoutines,
  creationWords,
  declaredWords,
  dropRoutines,
  goneRoutines,
  signatureWords,
  supplantedRoutines,
} from './functions.ts'
import { has } from './mention.ts'
import { dropPolicy, outdatedPolicies, policiesOf, policyWords } from './policies.ts'
import { goneTables } from './tables.ts'
import { castsToGone, isQuiet, isStirred, stirDomain, touch, upheaval, usesWhole } from './upheaval.ts'
import type { Upheaval } from './upheaval.ts'
import { dropViews, outdatedViews, queryWords, readsAll, viewsOf } from './views.ts'
import { dropTrigger, outdatedTriggers, triggerWords } from './triggers.ts'
import type { Kinded } from './views.ts'
import { keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

/** The views and functions that go: those that are outdated, those over what changes, and those over these. */
function readersOut(work: Work, found: Upheaval): { views: Kinded[]; routines: Routine[] } {
  const views = new Set<object>()
  const routines = new Set([...brokenRoutines(work), ...supplantedRoutines(work)])
  const all = viewsOf(work.model)
  const out = (one: Kinded) => {
    views.add(one.view)
    found.relations.set(one.view.name, 'all')
  }
  const outdated = new Set<object>(outdatedViews(work).map((one) => one.view))
  all.filter((one) => outdated.has(one.view) || readsRenamed(work, one)).forEach(out)
  for (const one of routines) found.functions.add(one.name)
  const words = all.map((one) => ({ one, words: queryWords(one), every: readsAll(one) }))
  const gone = new Set(goneRoutines(work))
  const calls = work.model.functions.map((one) => ({
    one,
    signature: signatureWords(one),
    // One that goes for good goes before what it reads, so that it comes after it on the way back.
    bound: gone.has(one) ? new Set([...creationWords(one), ...declaredWords(one)]) : boundWords(one),
  }))
  for (let grown = !isQuiet(found); grown;) {
    grown = false
    stirCallers(work, found)
    for (const { one, words: own, every } of words) {
      if (views.has(one.view)) continue
      if (!isStirred(own, found, every) && !castsToGone(found, one.view.query)) continue
      out(one)
      grown = true
    }
    for (const { one, signature, bound } of calls) {
      if (routines.has(one)) continue
      const isHeld = usesWhole(signature, found) || isStirred(bound, found, true) ||
        castsToGone(found, ...boundTexts(one))
      if (!isHeld) continue
      routines.add(one)
      found.functions.add(one.name)
      grown = true
    }
  }
  const displaced = all.filter((one) => views.has(one.view))
  for (const one of displaced) {
    if (!outdated.has(one.view) && !readsRenamed(work, one)) work.kept.add(keyOf(one.view))
  }
  return { views: displaced, routines: [...routines] }
}

/**
 * Whether a view may read something that was renamed. It would go on to show it under its old name on PostgreSQL, where a
 * view that is written today shows the new one.
 */
function readsRenamed({ renamed }: Work, view: Kinded): boolean {
  if (renamed.length === 0) return false
  const words = queryWords(view)
  return renamed.some(({ table, column }) =>
    table.some((name) => has(words, name)) &&
    (column === undefined || readsAll(view) || column.some((name) => has(words, name)))
  )
}

/**
 * Puts the columns that are computed by what goes among what changes, and the domains that get no check again that calls
 * it: those that a column has arrays of.
 */
function stirCallers(work: Work, found: Upheaval): void {
  const calls = callsOf(found.functions)
  for (const table of work.model.tables) {
    for (const { name, generated } of table.columns) {
      if (generated === undefined) continue
      if (calls(generated.expression) || castsToGone(found, generated.expression)) {
        touch(work, found, table, name)
      }
    }
  }
  for (const one of work.model.domains) {
    const texts = one.checks.map((check) => check.expression)
    if (isNested(work, one) && (calls(...texts) || castsToGone(found, ...texts))) stirDomain(work, found, one)
  }
}

/** Takes out of the way what the changes to come cannot be made under. */
export function displace(work: Work): void {
  const found = upheaval(work)
  const { views, routines } = readersOut(work, found)
  dropTriggers(work, found, views)
  dropPolicies(work, found)
  // A function goes with a view that it is over, and what calls it before.
  freeDomains(work, found)
  freeTables(work, found)
  dropViews(work, views, routines)
  dropRoutines(work, routines, computedOut(work, found))
  for (const one of found.domains) takeDomainOut(work, one)
}

/** Those of views go by themselves, and those of tables that are dropped unless they call a function that goes before. */
function dropTriggers(work: Work, found: Upheaval, views: readonly Kinded[]): void {
  const outdated = new Set(outdatedTriggers(work))
  // A table that goes takes its triggers along, but it may have to change before.
  const going = goneTables(work).filter((one) => !one.columns.some(({ type }) => isOfTypes(type, found)))
  const tables = new Set(going.map(keyOf))
  const over = new Set(views.map((one) => keyOf(one.view)))
  for (const one of work.model.triggers) {
    const on = keyOf({ schema: one.schema, name: one.table })
    if (over.has(on)) continue
    const words = triggerWords(one)
    const casts = !isRaw(one) && castsToGone(found, one.when)
    if (tables.has(on)) {
      if (casts || [...found.functions].some((name) => has(words, name))) dropTrigger(work, one)
    } else if (casts || outdated.has(one) || isStirred(words, found, false)) dropTrigger(work, one)
  }
}

/** Whether a type is made anew, or an array of one. */
function isOfTypes(type: DataType, { types }: Upheaval): boolean {
  const one = element(type)
  return (one.kind === 'enum' || one.kind === 'domain') && types.has(one.name)
}

function dropPolicies(work: Work, found: Upheaval): void {
  const outdated = new Set(outdatedPolicies(work).map((one) => one.policy))
  for (const one of policiesOf(work)) {
    const { using, check } = one.policy
    const isHeld = isStirred(policyWords(one), found, false) || castsToGone(found, using, check)
    if (isHeld || outdated.has(one.policy)) dropPolicy(work, one)
  }
  // A table that goes takes its policies along, but not before the functions that they call.
  const calls = callsOf(found.functions)
  for (const table of goneTables(work)) {
    for (const policy of table.policies ?? []) {
      const isHeld = calls(policy.using, policy.check) || castsToGone(found, policy.using, policy.check)
      if (isHeld) dropPolicy(work, { table, policy })
    }
  }
}
