/** Row security: whether a table has it, and its policies. */
import type { Policy, Table } from '../model/model.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import { fromPolicy } from '../ops/parts/policy.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { byKey, keyOf, silent } from '../model/identical.ts'
import { wordsOf } from './mention.ts'
import type { Work } from './work.ts'

export interface PolicyOn {
  readonly table: Table
  readonly policy: Policy
}

function policies(table: Table | undefined): ReadonlyMap<string, Policy> {
  return new Map((table?.policies ?? []).map((one) => [one.name, one]))
}

/** All policies of the tables that stay. */
export function policiesOf(work: Work): PolicyOn[] {
  const wanted = byKey(work.desired.tables)
  return work.model.tables.flatMap((table) =>
    wanted.has(keyOf(table)) ? (table.policies ?? []).map((policy) => ({ table, policy })) : []
  )
}

/** The policies that shall not be, or shall be otherwise. */
export function outdatedPolicies(work: Work): PolicyOn[] {
  const wanted = byKey(work.desired.tables)
  return policiesOf(work).filter(({ table, policy }) => {
    const to = policies(wanted.get(keyOf(table))).get(policy.name)
    return to === undefined || differences('', silent(policy), silent(to), work.dialect).length > 0
  })
}

/** The names in a policy, that of its table among them. */
export function policyWords({ table, policy }: PolicyOn): Set<string> {
  return wordsOf(policy.using, policy.check).add(table.name)
}

export function dropPolicy(work: Work, { table, policy }: PolicyOn): void {
  work.emit({ op: 'drop_policy', name: policy.name, ...onTable(table) })
}

/** Turns row security on and off, and creates the policies that are missing. */
export function createPolicies(work: Work): void {
  const there = byKey(work.model.tables)
  for (const to of work.desired.tables) {
    const from = there.get(keyOf(to))
    if (from === undefined || !(concerned(from) || concerned(to))) continue
    const [here, wanted] = [work.shadow(from, work.model), work.shadow(to, work.desired)]
    rowSecurity(work, here, wanted)
    const known = policies(here)
    for (const one of wanted.policies ?? []) {
      if (!known.has(one.name)) work.emit({ op: 'create_policy', ...fromPolicy(to, one) })
    }
  }
}

function concerned({ rowSecurity, forceRowSecurity, policies: all }: Table): boolean {
  return rowSecurity === true || forceRowSecurity === true || all !== undefined
}

function rowSecurity(work: Work, from: Table, to: Table): void {
  const forced = from.forceRowSecurity !== to.forceRowSecurity
  if (from.rowSecurity === to.rowSecurity && !forced) return
  const fields = defined({ ...onTable(to), force: forced ? to.forceRowSecurity === true : undefined })
  work.emit(
    to.rowSecurity
      ? { op: 'enable_row_level_security', ...fields }
      : { op: 'disable_row_level_security', ...fields },
  )
}
