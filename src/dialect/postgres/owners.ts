/** What an owner is granted on what is its own, which PostgreSQL lets it do anyway (manual, "Privileges"). */
import { grantKey } from '../../model/grant.ts'
import type { Grant, Model } from '../../model/model.ts'
import type { Connection } from '../dialect.ts'
import { literal, qualified } from './spelling.ts'

/**
 * The desired model without the grants that the current one does not tell since they are the owner's: who owns an object
 * differs from database to database, and introspection leaves an owner's own privileges out.
 */
export async function withoutOwnersGrants(
  connection: Connection,
  desired: Model,
  current: Model,
): Promise<Model> {
  const here = new Set(current.grants.map(grantKey))
  const missing = desired.grants.filter((one) => one.revoked === undefined && !here.has(grantKey(one)))
  if (missing.length === 0) return desired
  const questions = [...new Set(missing.map(ownerOf))]
  const rows = await connection.query(
    `SELECT place, owner FROM (VALUES ${
      questions.map((one, i) => `(${i}, ${one})`).join(', ')
    }) o (place, owner)`,
  )
  const owners = new Map(rows.map(({ place, owner }) => [questions[Number(place)], owner]))
  const owned = new Set(missing.filter((one) => owners.get(ownerOf(one)) === one.grantee))
  return owned.size === 0 ? desired : { ...desired, grants: desired.grants.filter((one) => !owned.has(one)) }
}

/** The name of the role that owns the object; NULL when there is no such object. */
function ownerOf(grant: Grant): string {
  const [catalog, id, owner] = ownedBy(grant)
  return `(SELECT pg_get_userbyid(${owner}) FROM ${catalog} WHERE oid = ${id})`
}

function ownedBy(grant: Grant): readonly [catalog: string, id: string, owner: string] {
  switch (grant.on) {
    case 'table':
    case 'sequence':
      return ['pg_class', `to_regclass(${literal(qualified(grant))})`, 'relowner']
    case 'function':
    case 'procedure': {
      const signature = `${qualified(grant)}(${(grant.arguments ?? []).join(', ')})`
      return ['pg_proc', `to_regprocedure(${literal(signature)})`, 'proowner']
    }
    case 'type':
      return ['pg_type', `to_regtype(${literal(qualified(grant))})`, 'typowner']
    case 'schema':
      return ['pg_namespace', `to_regnamespace(${literal(qualified({ name: grant.name }))})`, 'nspowner']
  }
}
