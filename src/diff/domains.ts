/**
 * Domains: one that differs is altered, or dropped and created where PostgreSQL cannot alter it; columns of it have the
 * type under it meanwhile.
 */
import type { Column, DataType, Domain, QualifiedName, Table } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import { isOf } from '../model/types.ts'
import { typeUses } from '../ops/parts/enum.ts'
import { fromDefault } from '../ops/parts/column.ts'
import { fromDomain } from '../ops/parts/domain.ts'
import { fromType } from '../ops/parts/type.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { byKey, keyOf, silent } from '../model/identical.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

interface Pair {
  readonly from: Domain
  readonly to: Domain
}

/** The domains that are on both sides and differ. */
function changed(work: Work): Pair[] {
  const wanted = byKey(work.desired.domains)
  return work.model.domains.flatMap((from) => {
    const to = wanted.get(keyOf(from))
    return to === undefined || same(work, from, to) ? [] : [{ from, to }]
  })
}

/** Those of them that have to be made anew. */
export function changedDomains(work: Work): Domain[] {
  return changed(work).filter((one) => !isAlterable(work, one)).map((one) => one.from)
}

/** Those of them that can be altered. */
export function alteredDomains(work: Work): Pair[] {
  return changed(work).filter((one) => isAlterable(work, one))
}

/** Nothing changes the type of a domain; and a column of arrays of it keeps PostgreSQL from adding a check or NOT NULL. */
function isAlterable(work: Work, { from, to }: Pair): boolean {
  if (!work.dialect.sameType(from.type, to.type) || from.collation !== to.collation) return false
  const tightens = (from.nullable && !to.nullable) || missing(work, to, from).length > 0
  return !(tightens && isNested(work, from))
}

/** Whether a column is, or shall be, of arrays of the domain, or another domain is over them. */
export function isNested(work: Work, domain: Domain): boolean {
  return [...work.model.tables, ...work.desired.tables].some((table) =>
    columnsOf(table, domain).some((one) => one.type.kind === 'array')
  ) || domainsOver(work, 'domain', domain).some((one) => one.type.kind === 'array')
}

/** The checks of the one that the other has not. */
function missing({ dialect }: Work, these: Domain, others: Domain): Domain['checks'] {
  return these.checks.filter((one) =>
    !others.checks.some((other) =>
      other.name === one.name && dialect.sameExpression(other.expression, one.expression)
    )
  )
}

export function alterDomain(work: Work, { from, to }: Pair): void {
  const [gone, come] = [missing(work, from, to), missing(work, to, from)]
  work.emit(defined({
    op: 'alter_domain',
    name: to.name,
    schema: to.schema,
    nullable: from.nullable === to.nullable ? undefined : to.nullable,
    default: work.dialect.sameDefault(from.default, to.default, to.type)
      ? undefined
      : to.default === undefined
      ? null
      : fromDefault(to.default),
    drop_checks: gone.length === 0 ? undefined : gone.map((one) => one.name),
    add_checks: come.length === 0 ? undefined : come.map((one) =>
      defined({
        name: one.implicit && to.checks.length === 1 ? undefined : one.name,
        condition: one.expression,
        comment: one.comment,
      })
    ),
    comment: from.comment === to.comment ? undefined : to.comment ?? null,
  }))
}

function same(work: Work, from: Domain, to: Domain): boolean {
  // What a dialect has no domains for is compared as it is known.
  const held = (one: Domain) => {
    const bare = { ...one, checks: one.checks.map(silent) }
    return projected(work.dialect, 'domains', [bare])[0] ?? bare
  }
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
  name: QualifiedName,
): Domain[] {
  return work.model.domains.filter((one) => isOf(one.type, kind, name))
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

/** Drops the domains that shall not be and that are not held, those over others first. */
export function dropDomains(work: Work, isHeld: (one: Domain) => boolean = () => false): void {
  const wanted = byKey(work.desired.domains)
  const drop = (one: Domain) => {
    if (find(work.model, 'domains', one) === undefined || isHeld(one)) return
    domainsOver(work, 'domain', one).forEach(drop)
    if (domainsOver(work, 'domain', one).length > 0) return
    // Where they are forgotten, a column may still be of one that looks the same.
    if (!work.dialect.forgets || typeUses(work.model, 'domain', one).length === 0) dropDomain(work, one)
  }
  for (const one of work.model.domains) if (!wanted.has(keyOf(one))) drop(one)
}
