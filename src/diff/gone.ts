/** Functions and domains that shall not be: a domain may call a function, and a function be of a domain. */
import type { Domain } from '../model/model.ts'
import { dropDomains } from './domains.ts'
import { boundWords, dropUncalled, noteCalled, signatureWords } from './functions.ts'
import { has } from './mention.ts'
import type { Work } from './work.ts'

/** Drops them in turns: domains that no function is of, which may call any, and functions that nothing calls. */
export function dropGone(work: Work): void {
  const isHeld = ({ name }: Domain) =>
    work.model.functions.some((one) => has(signatureWords(one), name) || has(boundWords(one), name))
  for (let left = -1; left !== work.operations.length;) {
    left = work.operations.length
    dropDomains(work, isHeld)
    dropUncalled(work)
  }
  noteCalled(work)
  dropDomains(work)
}
