/** `op.create_entity` and the like of alembic_utils: the SQL that it makes of its entities (src/alembic_utils/pg_*.py). */
import { ownValue } from '../../own-value.ts'
import { isKind, notUnderstood } from '../evaluate/value.ts'
import type { Arguments, Construct } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { Bound, lastName } from './arguments.ts'
import type { Collection } from './context.ts'
import { emitSql } from './raw-sql.ts'

/** The statements of an entity. */
interface Entity {
  readonly create: string
  readonly replace: string
  readonly drop: string
}

type Reader = (bound: Bound, schema: string, signature: string, definition: string) => Entity

const ENTITIES: Readonly<Record<string, Reader>> = {
  PGExtension(_, schema, signature) {
    const create = `CREATE EXTENSION "${signature}" WITH SCHEMA ${schema}`
    return { create, replace: '', drop: `DROP EXTENSION "${signature}"` }
  },
  PGFunction(_, schema, signature, definition) {
    const [, name = '', parameters = ''] = /^([^(]*)\(([^]*)\)/.exec(signature) ??
      notUnderstood('the signature of a function has no parentheses')
    const rest = signature.slice(signature.indexOf('('))
    const made = `FUNCTION ${schema}."${name.trim()}"${rest} ${definition}`
    const types = parameters.split(',').map((one) => one.replace(/\bdefault\b[^]*/i, '').trim()).join(', ')
    const drop = `DROP FUNCTION ${schema}."${name.trim()}"(${types})`
    return { create: `CREATE ${made}`, replace: `CREATE OR REPLACE ${made}`, drop }
  },
  PGView(_, schema, signature, definition) {
    const view = `VIEW ${schema}."${signature}"`
    const create = `CREATE ${view} AS ${definition}`
    const replace = `DO $$
BEGIN
  CREATE OR REPLACE ${view} AS ${definition};
EXCEPTION WHEN OTHERS THEN
  DROP VIEW IF EXISTS ${schema}."${signature}";
  ${create};
END;
$$ LANGUAGE plpgsql`
    return { create, replace, drop: `DROP ${view}` }
  },
  PGMaterializedView(bound, schema, signature, definition) {
    const view = `MATERIALIZED VIEW ${schema}."${signature}"`
    const data = bound.flag('with_data') === false ? 'WITH NO DATA' : 'WITH DATA'
    const create = `CREATE ${view} AS ${definition} ${data}`
    return {
      create,
      replace: `DROP MATERIALIZED VIEW IF EXISTS ${schema}."${signature}";\n${create}`,
      drop: `DROP ${view}`,
    }
  },
  PGTrigger(bound, schema, signature, definition) {
    const on = bound.required('on_entity')
    const constraint = bound.flag('is_constraint') ? 'CONSTRAINT ' : ''
    // What is dropped needs no definition.
    const [, event, table, action] = /^([^]*?)\sON\s+(?:\S+?\.)?(\S+)\s([^]*)$/i.exec(definition) ?? []
    const create = event === undefined
      ? ''
      : `CREATE ${constraint}TRIGGER "${signature}" ${event} ON ${schema}.${table} ${action}`
    const drop = `TRIGGER IF EXISTS "${signature}" ON ${on}`
    return {
      create,
      replace: create && `DROP ${drop};\n${create}`,
      drop: `DROP TRIGGER "${signature}" ON ${on}`,
    }
  },
}

function entityOf(value: Construct): Entity {
  const word = lastName(value.path)
  const reader = value.path.startsWith('alembic_utils.') ? ownValue(ENTITIES, word) : undefined
  if (reader === undefined) return notUnderstood(`the entity "${value.path}" is not known`)
  const names = [
    'schema',
    'signature',
    'definition',
    ...(word === 'PGTrigger' ? ['on_entity'] : ['with_data']),
  ]
  const bound = new Bound(word, value, names)
  const spaced = (text: string) => text.split(/\s+/).join(' ').trim().replaceAll('"', '')
  const schema = `"${spaced(bound.required('schema'))}"`
  const signature = spaced(bound.required('signature'))
  const definition = (bound.text('definition') ?? '').trim().replace(/;+$/, '').trim().replaceAll('\\:', ':')
  const entity = reader(bound, schema, signature, definition)
  bound.end()
  return entity
}

const emitting = (way: keyof Entity) => (args: Arguments, at: Place, context: Collection): void => {
  const bound = new Bound(`${way}_entity`, args, ['target', 'cascade'])
  const target = bound.take('target')
  const cascade = bound.flag('cascade') ? ' CASCADE' : ''
  bound.end()
  if (!isKind(target, 'construct')) return notUnderstood('the entity is not known')
  const sql = entityOf(target)[way]
  if (sql === '') return notUnderstood(`the entity has nothing to ${way} it by`)
  emitSql(sql + cascade, at, context)
}

export const ENTITY_OPERATIONS = {
  create_entity: emitting('create'),
  replace_entity: emitting('replace'),
  revert_entity: emitting('replace'),
  drop_entity: emitting('drop'),
}
