/** SQLAlchemy's DDL that is executed as a construct: `op.execute(CreateSequence(Sequence('s')))`. */
import { ownValue } from '../../own-value.ts'
import { isKind, notUnderstood } from '../evaluate/value.ts'
import type { Construct, Value } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { Bound, lastName } from './arguments.ts'
import type { Collection } from './context.ts'

const OPERATIONS: Readonly<
  Record<string, 'create_schema' | 'drop_schema' | 'create_sequence' | 'drop_sequence'>
> = {
  CreateSchema: 'create_schema',
  DropSchema: 'drop_schema',
  CreateSequence: 'create_sequence',
  DropSequence: 'drop_sequence',
}

/** Emits it as an operation. @returns whether it was one of them */
export function emitDdl(value: Value, at: Place, context: Collection): boolean {
  if (!isKind(value, 'construct') || value.of !== undefined || !value.path.startsWith('sqlalchemy.')) {
    return false
  }
  const name = lastName(value.path)
  const op = ownValue(OPERATIONS, name)
  if (op === undefined) return false
  const bound = new Bound(name, value, ['element'])
  const element = op.endsWith('_schema') ? { name: bound.required('element') } : sequenceOf(bound, op)
  context.emit(at, {
    op,
    ...element,
    if_not_exists: bound.flag('if_not_exists') || undefined,
    if_exists: bound.flag('if_exists') || undefined,
    cascade: bound.flag('cascade') || undefined,
  })
  bound.end()
  return true
}

/** `Sequence('s', start=5, schema='app')`; of one that is dropped only its name counts. */
function sequenceOf(bound: Bound, op: string): Readonly<Record<string, unknown>> {
  const element = bound.take('element')
  if (!isKind(element, 'construct') || lastName(element.path) !== 'Sequence') {
    return notUnderstood('the sequence is not known')
  }
  const sequence = new Bound('Sequence', element as Construct, [
    'name',
    'start',
    'increment',
    'minvalue',
    'maxvalue',
  ])
  const where = { name: sequence.required('name'), schema: sequence.text('schema') }
  if (op === 'drop_sequence') return where
  const options = {
    start: sequence.number('start'),
    increment: sequence.number('increment'),
    min_value: sequence.number('minvalue'),
    max_value: sequence.number('maxvalue'),
    cycle: sequence.flag('cycle') || undefined,
    cache: sequence.number('cache'),
  }
  sequence.ignore('metadata', 'optional', 'for_update').end()
  return { ...where, ...options }
}
