/** Triggers: one that differs is dropped and created, when all that it needs is there. */
import type { Trigger } from '../model/model.ts'
import { findTrigger, isRaw } from '../model/trigger.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import { fromTrigger } from '../ops/parts/trigger.ts'
import { silent } from '../model/identical.ts'
import { wordsOf } from './mention.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

/** As the dialect holds it; undefined when it has no text for it. */
function held(work: Work, one: Trigger): Trigger | undefined {
  return projected(work.dialect, 'triggers', [one])[0]
}

function keyOf({ schema = '', table, name }: Trigger): string {
  return [schema, table, name].join('\0')
}

function byKey(triggers: readonly Trigger[]): Map<string, Trigger> {
  return new Map(triggers.map((one) => [keyOf(one), one]))
}

/** The triggers that shall not be, or shall be otherwise. */
export function outdatedTriggers(work: Work): Trigger[] {
  const wanted = byKey(work.desired.triggers)
  return work.model.triggers.filter((one) => {
    const to = wanted.get(keyOf(one))
    const here = held(work, one)
    if (here === undefined) return false
    const there = to === undefined ? undefined : held(work, to)
    if (there === undefined) return true
    const [a, b] = isRaw(one) || isRaw(here) || isRaw(there) ? [here, there] : [silent(here), silent(there)]
    return differences('', a, b, work.dialect).length > 0
  })
}

/** The names in a trigger, that of its table among them. */
export function triggerWords(one: Trigger): Set<string> {
  const texts = isRaw(one) ? wordsOf(one.sql) : wordsOf(one.when, one.body)
  if (!isRaw(one)) {
    one.events.forEach((event) => event.of?.forEach((column) => texts.add(column)))
    if (one.function !== undefined) texts.add(one.function.name)
  }
  return texts.add(one.table)
}

export function dropTrigger(work: Work, { name, table, schema }: Trigger): void {
  if (findTrigger(work.model, defined({ name, table, schema })) === undefined) return
  work.emit(defined({ op: 'drop_trigger', name, table, schema }))
}

/** Creates the triggers that are missing. */
export function createTriggers(work: Work): void {
  const here = byKey(work.model.triggers)
  for (const one of work.desired.triggers) {
    if (!here.has(keyOf(one)) && held(work, one) !== undefined) work.emit(fromTrigger(one))
  }
}
