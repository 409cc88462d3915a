/** Triggers: the operation that makes one again. */
import type { Trigger } from '../../model/model.ts'
import type { Operation } from '../index.ts'

/** The model keeps the whole statement of a trigger, and that is what makes it again. */
export function fromTrigger({ sql }: Trigger): Operation {
  return { op: 'execute', sql }
}
