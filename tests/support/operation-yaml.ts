/** Operations as YAML writes them, `{ add_column: { … }, only? }`, and as the code knows them. */
import { Errors } from 'typebox/value'
import { fault } from '../../src/problem.ts'
import { findDefinition } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'

export type Yaml = Readonly<Record<string, unknown>>

/** @throws `invalid-operation` for a kind or a field that there is not */
export function fromYaml(yaml: Yaml): Operation {
  const { only, ...kinds } = yaml
  const [[kind, fields] = [], ...more] = Object.entries(kinds)
  if (kind === undefined || more.length > 0) {
    fault('invalid-operation', `an operation has one key, not ${Object.keys(kinds).join(', ')}`)
  }
  const definition = findDefinition(kind) ?? fault('invalid-operation', `there is no operation "${kind}"`)
  const [wrong] = Errors(definition.shape, fields)
  if (wrong !== undefined) {
    const { instancePath: path, message, params } = wrong
    fault('invalid-operation', `${kind}${path}: ${message} ${JSON.stringify(params)}`)
  }
  const operation = { ...fields as object, op: kind, ...(only === undefined ? {} : { only }) }
  return operation as unknown as Operation
}

export function toYaml({ op, only, ...fields }: Operation): Yaml {
  return { ...(only === undefined ? {} : { only }), [op]: fields }
}
