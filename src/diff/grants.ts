/** Privileges: what is granted too much is revoked, then what is missing is granted. */
import type { Grant } from '../model/model.ts'
import { grantKey } from '../model/grant.ts'
import { restoreGrants } from '../ops/parts/grant.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

function held(work: Work, grants: readonly Grant[]): readonly Grant[] {
  return projected(work.dialect, 'grants', grants)
}

export function changeGrants(work: Work): void {
  const wanted = new Map(held(work, work.desired.grants).map((one) => [grantKey(one), one]))
  const excess = held(work, work.model.grants).filter((one) => !wanted.has(grantKey(one)))
  for (const operation of restoreGrants(excess.map(opposite))) work.emit(operation)
  const options = held(work, work.model.grants).filter((one) =>
    one.grantable && !wanted.get(grantKey(one))?.grantable
  )
  for (const operation of restoreGrants(options.map((one) => opposite(one)))) {
    if (operation.op === 'revoke') work.emit({ ...operation, grant_option_for: true })
  }
  const here = new Map(held(work, work.model.grants).map((one) => [grantKey(one), one]))
  const missing = [...wanted].filter(([key, one]) => {
    const known = here.get(key)
    return known === undefined || (one.grantable && !known.grantable)
  })
  for (const operation of restoreGrants(missing.map(([, one]) => one))) work.emit(operation)
}

/** What takes a grant back; what was revoked of what everybody has is granted again. */
function opposite({ grantable: _, revoked, ...one }: Grant): Grant {
  return revoked ? one : { ...one, revoked: true }
}
