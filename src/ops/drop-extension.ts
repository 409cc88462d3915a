import type { Model } from '../model/model.ts'
import { didYouMean, fault } from '../problem.ts'
import { unsupported } from './definition.ts'
import type { Definition, Effect, Op } from './definition.ts'
import { extensionUsers } from './parts/extension-users.ts'
import { fields, flag, name, optional } from '../shape.ts'

const shape = fields({
  name: name('The extension.'),
  if_exists: optional(flag('Nothing is done when there is no such extension.')),
  cascade: optional(flag('What depends on it goes with it: columns of its types, indexes of its methods.')),
})

export type DropExtension = Op<'drop_extension', typeof shape>

function skipped(op: DropExtension, model: Model): boolean {
  return op.if_exists === true && !model.extensions.some((one) => one.name === op.name)
}

/**
 * Drops an extension.
 *
 * ```yaml
 * - drop_extension: { name: citext }
 * ```
 * PostgreSQL: `DROP EXTENSION citext`. It refuses while something depends on the extension; that columns are of the types
 * of a well-known one, or indexes of its operator classes, is found before. SQLite has none.
 *
 * With `cascade` what else goes away is not known, so the schema is read again after it.
 */
export const dropExtension: Definition<DropExtension> = {
  kind: 'drop_extension',
  summary: 'Drop an extension (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_extension', only: 'postgres', name: 'citext' }],
    operation: { op: 'drop_extension', only: 'postgres', name: 'citext' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const known = model.extensions.map((one) => one.name)
    if (!known.includes(op.name)) {
      const near = didYouMean(op.name, known)
      fault('no-such-extension', `there is no extension "${op.name}"`, {
        path: ['name'],
        hint: near === undefined ? undefined : `did you mean "${near}"?`,
      })
    }
    if (!op.cascade) checkUnused(op, model)
    return { ...model, extensions: model.extensions.filter((one) => one.name !== op.name) }
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    if (op.cascade) return { irreversible: 'what went with it is not known' }
    const one = before.extensions.find(({ name }) => name === op.name)!
    return [{ op: 'create_extension', ...one }]
  },
  compile: {
    postgres(op, { sql }) {
      const head = `DROP EXTENSION${op.if_exists ? ' IF EXISTS' : ''} ${sql.name(op.name)}`
      return [{ sql: `${head}${op.cascade ? ' CASCADE' : ''}` }]
    },
    sqlite: unsupported('SQLite has no extensions to drop'),
  },
  effects: (op, before) => skipped(op, before) ? [] : effects(op),
  describe: (op) => `drop extension ${op.name}`,
  opaque: (op) => op.cascade === true,
}

function checkUnused(op: DropExtension, model: Model): void {
  const users = extensionUsers(model, op.name)
  if (users.length === 0) return
  fault('still-used', `extension "${op.name}" is used by ${users.join(', ')}`, {
    path: ['name'],
    hint: 'drop that first, or write `cascade: true`',
  })
}

function effects(op: DropExtension): Effect[] {
  const breaks = `what uses the types and functions of "${op.name}" fails`
  const cascade: Effect = {
    kind: 'unknown',
    object: op.name,
    why: `what depends on "${op.name}" goes with it`,
  }
  return [...(op.cascade ? [cascade] : []), { kind: 'breaks-readers', object: op.name, why: breaks }]
}
