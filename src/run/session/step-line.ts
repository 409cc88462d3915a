import type { Step } from '../../revision/graph/steps.ts'

/** `Running upgrade a -> b, message`, as Alembic logs it. */
export function stepLine(step: Step, message: string): string {
  const verbs = { up: 'upgrade', down: 'downgrade', stamp: 'stamp_revision' } as const
  const text = message === '' ? '' : `, ${message.split('\n')[0]}`
  return `Running ${verbs[step.direction]} ${step.from.join(', ')} -> ${step.to.join(', ')}${text}`
}
