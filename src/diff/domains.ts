/** Domains: one that differs is dropped and created; columns of it have the type under it meanwhile. */
import type { Column, DataType, Domain, Table } from '../model/model.ts'
import { EMPTY } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import { isOf, typeUses } from '../ops/parts/enum.ts'
import { fromDomain } from '../ops/parts/domain.ts'
import { onTable } from '../ops/parts/on-constraint.ts'
import { defined, fromType } from '../ops/parts/type.ts'
import { byKey, keyOf } from './work.ts'
import type { Work } from './work.ts'

/** The domains that are on both sides and differ. */
export function changedDomains(work: Work): Domain[] {
  const wanted = byKey(work.desired.domains)
  return work.model.domains.filter((from) => {
    const to = wanted.get(keyOf(from))
    return to !== undefined && !same(work, from, to)
  })
}

function same(work: Work, from: Domain, to: Domain): boolean {
  // What a dialect has no domains for is compared as it is known.
  const held = (one: Domain) => work.dialect.project({ ...EMPTY, domains: [one] }).domains[0] ?? one
  return differences('', held(from), held(to), work.dialect).length === 0
}

/** The columns that are of a domain, or of arrays of it. */
export function columnsOf(table: Table, domain: Domain): Column[] {
  return table.columns.filter((one) => isOf(one.type, 'domain', domain))
}

/** The domains over a domain or an enum. */
export function domainsOver(
  work: Work,
  kind: 'enum' | 'domain',
  name: Domain | DataType & { name: string },
): Domain[] {
  return work.model.domains.filter((one) => isOf(one.type, kind, name as Domain))
}

/** Gives the columns of a domain the type under it, and drops the domain. */
export function takeDomainOut(work: Work, domain: Domain): void {
  if (find(work.model, 'domains', domain) === undefined) return
  for (const over of domainsOver(work, 'domain', domain)) takeDomainOut(work, over)
  for (const table of work.model.tables) {
    for (const column of columnsOf(table, domain)) {
      const type: DataType = column.type.kind === 'array' ? { ...column.type, of: domain.type } : domain.type
      work.emit({
        op: 'alter_column',
        ...onTable(table),
        column: column.name,
        type: fromType(type, work.model),
      })
    }
  }
  dropDomain(work, domain)
}

function dropDomain(work: Work, { name, schema }: Domain): void {
  work.emit(defined({ op: 'drop_domain', name, schema }))
}

export function createDomain(work: Work, one: Domain): void {
  work.emit({ op: 'create_domain', ...fromDomain(one, work.desired) })
}

/** Drops the domains that shall not be, those over others first. */
export function dropDomains(work: Work): void {
  const wanted = byKey(work.desired.domains)
  const drop = (one: Domain) => {
    if (find(work.model, 'domains', one) === undefined) return
    domainsOver(work, 'domain', one).forEach(drop)
    // Where they are forgotten, a column may still be of one that looks the same.
    if (!work.dialect.forgets || typeUses(work.model, 'domain', one).length === 0) dropDomain(work, one)
  }
  for (const one of work.model.domains) if (!wanted.has(keyOf(one))) drop(one)
}
