/** What PostgreSQL has only since some version: refused, for a server before it, before anything runs. */
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Server } from '../../dialect/dialect.ts'
import type { Column } from '../../model/model.ts'

/**
 * Refuses what a server of a lower major version than `since` does not have.
 * @param what as in "PostgreSQL 14 has no …"
 * @param path where the operation says it
 * @throws `unsupported`
 */
export function needsPostgres(since: number, { version }: Server, what: string, path: Path): void {
  if (version >= since * 10_000) return
  fault('unsupported', `PostgreSQL ${major(version)} has no ${what}`, {
    path,
    hint: `leave it out, or use PostgreSQL ${since}`,
  })
}

/**
 * Refuses NULLS NOT DISTINCT before PostgreSQL 15, of a constraint or an index.
 * @param path of what it is a field of
 * @throws `unsupported`
 */
export function checkNulls(
  spec: { readonly nulls_not_distinct?: boolean },
  server: Server,
  path: Path = [],
): void {
  if (spec.nulls_not_distinct) {
    needsPostgres(15, server, 'NULLS NOT DISTINCT', [...path, 'nulls_not_distinct'])
  }
}

/**
 * Refuses MAINTAIN before PostgreSQL 17.
 * @param privileges the field of `grant` and `revoke`
 * @throws `unsupported`
 */
export function checkPrivileges(privileges: 'all' | readonly string[], server: Server): void {
  if (privileges === 'all') return
  const i = privileges.indexOf('maintain')
  if (i >= 0) needsPostgres(17, server, 'privilege MAINTAIN', ['privileges', i])
}

/**
 * Refuses a virtual generated column before PostgreSQL 18.
 * @throws `unsupported`
 */
export function checkVirtual({ name, generated }: Column, { version }: Server, path: Path): void {
  if (generated === undefined || generated.stored || version >= 180_000) return
  fault('unsupported', `PostgreSQL ${major(version)} has no virtual generated columns ("${name}")`, {
    path,
    hint: 'leave out `stored: false`, or use PostgreSQL 18',
  })
}

/** 14 of 140012. */
function major(version: number): number {
  return Math.floor(version / 10_000)
}
