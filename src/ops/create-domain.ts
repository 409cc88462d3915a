import { add, get } from '../model/edit.ts'
import type { Domain } from '../model/model.ts'
import { defined } from '../model/defined.ts'
import { quoted } from '../dialect/ansi.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { domainFields, fromDomain, toDomain } from './parts/domain.ts'
import { checkComments, commentOn } from './parts/compile.ts'
import { fields } from '../shape.ts'

const shape = fields(domainFields)

export type CreateDomain = Op<'create_domain', typeof shape>

/**
 * Creates a domain: a type with a default and checks of its own.
 *
 * ```yaml
 * - create_domain: { name: email, type: text, nullable: false, checks: [{ condition: "VALUE LIKE '%@%'" }] }
 * ```
 * PostgreSQL: `CREATE DOMAIN email AS TEXT NOT NULL CHECK (VALUE LIKE '%@%')`
 *
 * SQLite: nothing. A column of it has the type under the domain and nothing more: a NOT NULL, a default or a check that
 * is wanted there too is given to the column.
 */
export const createDomain: Definition<CreateDomain> = {
  kind: 'create_domain',
  summary: 'Create a domain: a type with a default and checks of its own.',
  shape,
  example: {
    operation: {
      op: 'create_domain',
      name: 'email',
      type: 'text',
      nullable: false,
      checks: [{ condition: "VALUE LIKE '%@%'" }],
    },
  },
  declares: {
    section: 'domains',
    of: (model) => model.domains.map((one) => ({ op: 'create_domain', ...fromDomain(one, model) })),
  },
  apply: (op, model) => add(model, 'domains', toDomain(op, model)),
  invert: (op) => [defined({ op: 'drop_domain', name: op.name, schema: op.schema })],
  compile: {
    postgres(op, cx) {
      const domain = get(cx.after, 'domains', op)
      const comment = domain.comment === undefined
        ? []
        : [commentOn(cx.sql, `DOMAIN ${cx.sql.qualified(domain)}`, domain.comment)]
      return [
        { sql: createDomainSql(domain, cx) },
        ...comment,
        ...checkComments(cx.sql, domain, domain.checks),
      ]
    },
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `create domain ${op.name}`,
}

function createDomainSql(domain: Domain, { sql, after }: CompileContext): string {
  const words = [
    `CREATE DOMAIN ${sql.newQualified(domain)} AS ${sql.type(domain.type, after)}`,
    ...(domain.collation === undefined ? [] : [`COLLATE ${quoted(domain.collation)}`]),
    ...(domain.default === undefined ? [] : [`DEFAULT ${sql.default(domain.default, domain.type)}`]),
    ...(domain.nullable ? [] : ['NOT NULL']),
    ...domain.checks.map(sql.check),
  ]
  return words.join(' ')
}
