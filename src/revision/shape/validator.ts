/**
 * Whether data has a shape: ajv decides, and nothing else may take its place; `validate.ts` explains. ajv takes a while
 * to load and to compile a schema, so that it does neither before it must: commands that only list revisions never do.
 */
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Compiler } from './compiler.ts'
import type { JsonSchema } from './json-schema.ts'
import { finding, findings } from './validate.ts'
import { sqlFindings } from './sql.ts'
import type { Finding } from './validate.ts'

let compiler: Compiler | undefined
const compiled = new WeakMap<JsonSchema, ValidateFunction>()

/** Loads ajv, once; to be awaited before {@link wrong}. */
export async function loadValidator(): Promise<void> {
  if (compiler !== undefined) return
  const { loadCompiler } = await import('./compiler.ts')
  compiler = await loadCompiler()
}

function compile(schema: JsonSchema): ValidateFunction {
  if (compiler === undefined) return fault('internal', 'the validator is used before it is loaded')
  const known = compiled.get(schema) ?? compiler(schema)
  compiled.set(schema, known)
  return known
}

/**
 * What is wrong with data; empty when ajv finds that it has the shape, and the SQL in it is whole.
 * @param path where the data stands in its document; the findings' paths begin with it
 */
export function wrong(schema: JsonSchema, data: unknown, path: Path = []): Finding[] {
  const validate = compile(schema)
  if (validate(data)) return sqlFindings(schema, data, path)
  const explained = findings(schema, data, path)
  if (explained.length > 0) return explained
  return (validate.errors ?? []).map((error) =>
    finding('invalid', `${error.instancePath} is against "${error.keyword}"`.trim(), path)
  )
}
