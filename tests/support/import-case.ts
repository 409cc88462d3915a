/** Golden cases of `import alembic`: a little Python, and the revision that comes of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { ProblemError } from '../../src/problem.ts'
import type { Problem } from '../../src/problem.ts'
import type { DialectName } from '../../src/model/model.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import { readRevision } from '../../src/import/alembic/revision.ts'
import { todosOf, verdictOf } from '../../src/import/imported.ts'
import { loadGrammar } from '../../src/import/python/parse.ts'
import { review } from '../../src/import/review.ts'
import { importedText } from '../../src/import/text.ts'
import type { TypeSpec } from '../../src/ops/parts/type.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'

export const CASES = fileURLToPath(new URL('../import/cases', import.meta.url))

export interface ImportCase {
  readonly dialect?: DialectName
  readonly types?: Readonly<Record<string, TypeSpec>>
  /** Lines before the functions. */
  readonly module?: string
  readonly upgrade?: string
  readonly downgrade?: string
  /** The whole file, in place of the parts. */
  readonly file?: string
  /** The revision, or `error:` and what is said. */
  readonly revision: string
  readonly report?: readonly string[]
}

export function caseFiles(): string[] {
  return readdirSync(CASES).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(CASES, name))
}

export function readCase(file: string): ImportCase {
  return parse(readFileSync(file, 'utf8')) as ImportCase
}

/** The Python of a case. */
export function pythonOf({ file, module = '', upgrade = 'pass', downgrade = 'pass' }: ImportCase): string {
  if (file !== undefined) return file
  const body = (text: string) => text.trimEnd().split('\n').map((line) => `    ${line}`.trimEnd()).join('\n')
  return [
    '"""A case"""',
    'from alembic import op',
    'import sqlalchemy as sa',
    'from sqlalchemy.dialects import postgresql, sqlite',
    'revision = "ab12"',
    'down_revision = None',
    module.trimEnd(),
    'def upgrade():',
    body(upgrade),
    'def downgrade():',
    body(downgrade),
    '',
  ].join('\n')
}

const told = (word: string) => ({ at, message }: Problem) => `${word} ${at?.line}: ${message}`

/** What comes of it: the revision's text, and what the report says. */
export async function evaluateImport(one: ImportCase): Promise<Pick<ImportCase, 'revision' | 'report'>> {
  await loadValidator()
  const grammar = await loadGrammar()
  const types = new Map(Object.entries(one.types ?? {}))
  const options = one.dialect === undefined ? { types } : { types, dialect: one.dialect }
  try {
    const read = readRevision(grammar, pythonOf(one), 'ab12.py', options)
    if (read === undefined) return { revision: 'no revision\n', report: [] }
    const [reviewed] = review([read], await loadDialect(one.dialect ?? 'postgres'), undefined)
    const report = [
      verdictOf(reviewed!),
      ...todosOf(reviewed!).map(told('todo')),
      ...reviewed!.defects.map(told('defect')),
      ...reviewed!.notes.map(told('note')),
    ]
    return { revision: importedText(reviewed!), report }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const [{ code, message, at }] = error.problems as [Problem]
    return { revision: `error: ${code} at ${at?.line}:${at?.col}: ${message}\n`, report: [] }
  }
}
