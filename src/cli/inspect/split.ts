/** Models as files: one a table with what belongs to it, and one for each other kind of things. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import type { Section } from '../../ops/definition.ts'
import { namesFiles } from '../../models/glob.ts'
import { modelsDocument, modelsText } from '../../models/write.ts'
import type { WrittenItem } from '../../models/inline.ts'
import type { ModelsDocument } from '../../models/write.ts'
import type { Invocation } from '../command.ts'
import { writeNewFiles } from '../output/new-files.ts'
import { shownPath } from '../output/print.ts'
import type { Project } from '../project/project.ts'
import { MODELS_SCHEMA_FILE, schemaPointer } from '../config/schema-file.ts'

/**
 * Writes the files.
 * @param folder relative to the working directory; it is made, and must hold no models yet
 * @returns their paths, as they are shown
 */
export function writeFiles(
  { io }: Invocation,
  project: Project,
  folder: string,
  model: Model,
  dialect: Dialect,
): string[] {
  const full = path.resolve(io.cwd, folder)
  if (namesFiles('**/*.{yaml,yml}', full)) {
    fault('not-empty', `the folder "${folder}" has models already`, {
      hint: 'name another one, or remove its files first: tables that are gone would stay',
      exit: EXIT.usage,
    })
  }
  mkdirSync(full, { recursive: true })
  const pointer = schemaPointer(project.root, MODELS_SCHEMA_FILE, full)
  const files = [...splitDocument(modelsDocument(model, dialect))].map(([name, document]) => ({
    file: path.join(full, `${name}.yaml`),
    text: modelsText(document, pointer),
  }))
  writeNewFiles(files)
  return files.map(({ file }) => shownPath(file, io.cwd))
}

/** What names the table it is on belongs to that table's file. */
interface Placed {
  readonly schema?: string
  readonly name?: string
  readonly table?: string
}

/** The documents by the names of their files, without endings. */
function splitDocument(document: ModelsDocument): Map<string, ModelsDocument> {
  const files = new Map<string, Partial<Record<Section, WrittenItem[]>>>()
  const names = new FileNames()
  const tables = new Map<string, string>()
  const place = (file: string, section: Section, item: WrittenItem) => {
    const lists = files.get(file) ?? {}
    files.set(file, { ...lists, [section]: [...(lists[section] ?? []), item] })
  }
  for (const item of document.tables ?? []) {
    const { schema, name = '' } = item as Placed
    const file = names.of(schema === undefined ? name : `${schema}.${name}`)
    tables.set(key(schema, name), file)
    place(file, 'tables', item)
  }
  for (const [section, items] of Object.entries(document) as [Section, readonly WrittenItem[]][]) {
    if (section === 'tables') continue
    const others = names.of(section)
    for (const item of items) {
      const { schema, table } = item as Placed
      const own = table === undefined ? undefined : tables.get(key(schema, table))
      place(own ?? others, section, item)
    }
  }
  return files
}

function key(schema: string | undefined, name: string): string {
  return `${schema ?? ''}\0${name}`
}

/** Names of files for names of tables: what every file system takes, and no two alike where case does not count. */
class FileNames {
  readonly #taken = new Set<string>()

  of(name: string): string {
    const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[._]+/, '').slice(0, 100) || 'table'
    for (let i = 1;; i++) {
      const file = i === 1 ? plain : `${plain}-${i}`
      if (this.#taken.has(file.toLowerCase())) continue
      this.#taken.add(file.toLowerCase())
      return file
    }
  }
}
