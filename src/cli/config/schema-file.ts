/** Where `init` puts the JSON Schemas, seen from the configuration: editors read them. */
import { existsSync } from 'node:fs'
import path from 'node:path'

export const SCHEMA_FILE = 'schemas/revision.schema.json'
export const CONFIG_SCHEMA_FILE = 'schemas/config.schema.json'
export const MODELS_SCHEMA_FILE = 'schemas/models.schema.json'

/**
 * How a file names a schema for editors: by the path that leads to it, with "/".
 * @param folder where the file is
 * @returns undefined where `init` never put it
 */
export function schemaPointer(root: string, schema: string, folder: string): string | undefined {
  const file = path.join(root, schema)
  return existsSync(file) ? path.relative(folder, file).split(path.sep).join('/') : undefined
}
