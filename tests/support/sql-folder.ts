/** Folders of SQL migrations, imported. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DialectName } from '../../src/model/model.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { review } from '../../src/import/review.ts'
import { verdictOf } from '../../src/import/imported.ts'
import { readSqlFolder } from '../../src/import/sql/folder.ts'
import { syntaxOf } from '../../src/import/sql/syntax.ts'
import { fromOperation } from '../../src/revision/operation.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'
import { withFolder } from './folder.ts'

export type Files = Readonly<Record<string, string>>

/** The revisions that files lead to, in a few words: `id < parent: message`, and their operations. */
export async function imported(files: Files, dialect: DialectName = 'postgres') {
  await loadValidator()
  return await withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const { revisions: read } = readSqlFolder(folder, dialect, (file) => file.slice(folder.length + 1))
    const yaml = (operations: readonly Operation[]) =>
      operations.map((one) => JSON.stringify(fromOperation(one)))
    const syntax = await syntaxOf(dialect)
    return review(read, await loadDialect(dialect), undefined, syntax).map((one) => ({
      line: `${one.id} < ${one.down.join(', ') || 'base'}: ${one.message}`,
      upgrade: yaml(one.upgrade.map((step) => step.operation)),
      downgrade: 'steps' in one.downgrade
        ? yaml(one.downgrade.steps.map((step) => step.operation))
        : one.downgrade,
      settings: one.settings,
      transaction: one.transaction ?? 'own',
      verdict: verdictOf(one),
      told: [...one.notes, ...one.defects].map((problem) =>
        `${problem.at?.file}:${problem.at?.line}: ${problem.message}`
      ),
    }))
  })
}
