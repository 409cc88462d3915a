/**
 * Writes the JSON Schemas that editors use: of revisions, of models and of the configuration, into `schemas/`.
 * With `--check` nothing is written; the exit code is 1 when a file is not what would be written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configShape } from '../src/cli/config/shape.ts'
import { modelsSchema } from '../src/models/shape.ts'
import { revisionSchema, schemaText } from '../src/revision/schema.ts'

const FOLDER = fileURLToPath(new URL('../schemas/', import.meta.url))

/** The text of every schema file, by name. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const config = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The configuration of limbeck',
    ...configShape,
  }
  return new Map([
    ['revision.schema.json', schemaText(revisionSchema())],
    ['models.schema.json', schemaText(modelsSchema())],
    ['config.schema.json', schemaText(config)],
  ])
}

/** The names of the schema files that are missing or not current. */
export function staleSchemas(): string[] {
  return [...schemaFiles()].filter(([name, text]) => readOrEmpty(FOLDER + name) !== text).map(([name]) =>
    name
  )
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function main(check: boolean): void {
  const stale = staleSchemas()
  if (check) {
    for (const name of stale) console.error(`schemas/${name} is not current: run scripts/schemas.ts`)
    process.exitCode = stale.length === 0 ? 0 : 1
    return
  }
  mkdirSync(FOLDER, { recursive: true })
  for (const [name, text] of schemaFiles()) writeFileSync(FOLDER + name, text)
  for (const name of stale) console.log(`wrote schemas/${name}`)
}

if (import.meta.main) main(process.argv.includes('--check'))
