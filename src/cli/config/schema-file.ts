/** Where `init` puts the JSON Schemas, seen from the configuration: editors read them. */
export const SCHEMA_FILE = 'schemas/revision.schema.json'
export const CONFIG_SCHEMA_FILE = 'schemas/config.schema.json'
export const MODELS_SCHEMA_FILE = 'schemas/models.schema.json'
