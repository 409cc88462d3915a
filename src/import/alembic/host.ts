/** What `op`, `batch_op`, the connection and the context of Alembic mean. */
import { ownValue } from '../../own-value.ts'
import type { Completion, Execution, StatementHost } from '../evaluate/execution.ts'
import { isKind, isSequence, isSymbolic, notUnderstood, text, truth } from '../evaluate/value.ts'
import type { Arguments, Construct, Scope, Value } from '../evaluate/value.ts'
import type { Place, Statement } from '../python/syntax.ts'
import { forDialect, lastName } from './arguments.ts'
import { COLUMN_OPERATIONS } from './column-operations.ts'
import { isConnection, isContext, isEngine } from './connection.ts'
import { CONSTRAINT_OPERATIONS, ENUM_OPERATIONS } from './constraint-operations.ts'
import { conventionalName, SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'
import { DATA_OPERATIONS, emitStatement } from './data-operations.ts'
import { emitDdl } from './ddl-elements.ts'
import { ENTITY_OPERATIONS } from './entities.ts'
import { isEnum } from './enum.ts'
import { callOfInspected, existenceOf, guarded, isInspected } from './guards.ts'
import { INDEX_OPERATIONS } from './index-operations.ts'
import { backfillOf, turnOf, withoutLimit } from './loops.ts'
import { emitSql } from './raw-sql.ts'
import { filledText, sqlOf } from './sql-text.ts'
import { createTable, TABLE_OPERATIONS } from './table-operations.ts'
import { typeOf } from './types.ts'

type Handler = (args: Arguments, at: Place, context: Collection) => void

const OPERATIONS: Readonly<Record<string, Handler>> = {
  create_table: createTable,
  ...TABLE_OPERATIONS,
  ...COLUMN_OPERATIONS,
  ...CONSTRAINT_OPERATIONS,
  ...ENUM_OPERATIONS,
  ...INDEX_OPERATIONS,
  ...DATA_OPERATIONS,
  ...ENTITY_OPERATIONS,
}

/** The operations of batch_op whose first argument is a name, and the table comes second. */
const NAME_FIRST =
  /^(create_(index|unique_constraint|check_constraint|foreign_key|primary_key|exclude_constraint)|drop_(index|constraint))$/

/** `op.f(name)` */
function conventional({ positional: [name = null] }: Arguments, context: Collection): Value {
  return typeof name === 'string' ? conventionalName(name, context) : name
}

const OP = /^(?:alembic\.)?op$|^alembic\.op$/

export class AlembicHost implements StatementHost {
  readonly context: Collection
  /** Set while the SQL of a loop's turn is collected instead of emitted. */
  #turn: string[] | undefined
  constructor(context: Collection) {
    this.context = context
  }

  attribute(of: Value, name: string): Value | undefined {
    if (name === 'name' && isKind(of, 'attribute') && (of.name === 'dialect' || isEngine(of))) {
      return this.#dialectName()
    }
    if (isKind(of, 'path')) return this.imported(`${of.path}.${name}`)
    if (name === 'as_sql' && isContext(of)) return false
    if ((name === 'bind' || name === 'connection') && isContext(of)) {
      return {
        kind: 'construct',
        path: 'alembic.op.get_bind',
        positional: [],
        named: new Map(),
        at: { from: 0, to: 0 },
      }
    }
    return undefined
  }

  imported(path: string): Value | undefined {
    return this.context.options.constant?.(path)
  }

  #dialectName(): string {
    return SQLALCHEMY[this.context.needDialect()].name
  }

  call(callee: Value, args: Arguments, at: Place): Value | undefined {
    if (isKind(callee, 'path')) {
      return callOfInspected(callee.path, args.positional, at) ?? this.#function(callee.path, args, at)
    }
    if (!isKind(callee, 'attribute')) return undefined
    const { of, name } = callee
    if (isKind(of, 'construct') && of.path === 'batch') return this.#batch(of, name, args, at)
    if (isConnection(of)) return this.#connection(name, args, at)
    if (isEnum(of) && (name === 'create' || name === 'drop')) return this.#enum(of, name, args, at)
    return undefined
  }

  /** A function of Alembic. */
  #function(path: string, args: Arguments, at: Place): Value | undefined {
    if (/^alembic\.context\.is_offline_mode$/.test(path)) return false
    const name = lastName(path)
    if (!OP.test(path.slice(0, -name.length - 1))) return undefined
    if (name === 'f') return conventional(args, this.context)
    if (name === 'inline_literal') return args.positional[0] ?? null
    if (name === 'execute') return this.#execute(args, at)
    const handler = ownValue(OPERATIONS, name)
    if (handler !== undefined) {
      handler(forDialect(args, this.context), at, this.context)
      return name === 'create_table' ? { kind: 'construct', path, ...args, at } : null
    }
    if (name === 'get_bind' || name === 'get_context' || name === 'batch_alter_table') return undefined
    return notUnderstood(`there is no operation "${name}" in Alembic`)
  }

  #batch(batch: Construct, name: string, args: Arguments, at: Place): Value {
    if (name === 'f') return conventional(args, this.context)
    if (name === 'execute') return this.#execute(args, at)
    const handler = ownValue(OPERATIONS, name)
    if (handler === undefined) return notUnderstood(`there is no operation "${name}" in Alembic`)
    const [table = null] = batch.positional
    const schema = batch.named.get('schema') ?? batch.positional[1] ?? null
    const [first, ...rest] = args.positional
    const named = new Map(args.named)
    const given = first ?? named.get('index_name') ?? named.get('constraint_name') ?? null
    named.delete('index_name')
    named.delete('constraint_name')
    named.set(name === 'create_foreign_key' ? 'source_schema' : 'schema', schema)
    const positional = NAME_FIRST.test(name) ? [given, table, ...rest] : [table, ...args.positional]
    if (name === 'create_exclude_constraint') named.delete('schema')
    handler(forDialect({ positional, named }, this.context), at, this.context)
    return null
  }

  #connection(name: string, args: Arguments, at: Place): Value | undefined {
    if (/^(commit|close|flush|expire_all)$/.test(name)) return null
    if (name === 'execution_options' || name === 'connect' || name === 'begin') return undefined
    if (name === 'exec_driver_sql') return this.#sql(text(args.positional[0] ?? ''), at)
    return /^(execute|scalar|scalars)$/.test(name) ? this.#execute(args, at) : undefined
  }

  /** `execute(statement, parameters)`. */
  #execute(args: Arguments, at: Place): Value {
    const [statement = args.named.get('sqltext') ?? args.named.get('statement') ?? null, parameters] =
      args.positional
    if (typeof statement === 'string' || isText(statement)) {
      const sql = typeof statement === 'string' ? statement : text(statement.positional[0] ?? '')
      const sets = parameters === undefined || parameters === null
        ? [undefined]
        : isSequence(parameters)
        ? parameters.items
        : [parameters]
      let result: Value = null
      for (const one of sets) {
        if (one !== undefined && !isKind(one, 'dict')) {
          return notUnderstood('the parameters are no dictionary')
        }
        result = this.#sql(filledText(sql, one), at)
      }
      return result
    }
    if (emitStatement(statement, parameters ?? undefined, at, this.context)) return RESULT
    if (emitDdl(statement, at, this.context)) return RESULT
    if (isKind(statement, 'construct') && isQuery(statement)) return query(at)
    if (!isSymbolic(statement)) return notUnderstood('what is executed is not known')
    return this.#sql(sqlOf(statement), at)
  }

  /** A query only has an effect when a function in it has: it is run when nobody asks for its rows. */
  #sql(sql: string, at: Place): Value {
    if (this.#turn !== undefined) this.#turn.push(sql)
    else emitSql(sql, at, this.context)
    return /^\s*(SELECT|SHOW|PRAGMA\s+\w+\s*(\(|$)|WITH(?![\s\S]*\b(UPDATE|INSERT|DELETE)\b))/i.test(sql)
      ? query(at)
      : RESULT
  }

  #enum(type: Construct, name: 'create' | 'drop', args: Arguments, at: Place): null {
    const spec = typeOf(type, this.context)
    if (typeof spec === 'string' || !('enum' in spec) || spec.native === false) {
      return notUnderstood('an enum without a name is no type')
    }
    const check = args.named.get('checkfirst')
    const lenient = check !== undefined && truth(check)
    const where = { name: typeof spec.enum === 'string' ? spec.enum : spec.name, schema: spec.schema }
    if (name === 'drop') this.context.emit(at, { op: 'drop_enum', ...where, if_exists: lenient || undefined })
    else if (typeof spec.enum === 'string') notUnderstood('an enum is created without values')
    else {this.context.emit(at, {
        op: 'create_enum',
        ...where,
        values: spec.enum,
        if_not_exists: lenient || undefined,
      })}
    return null
  }

  within(value: Value, body: (value: Value) => Completion): { readonly completion: Completion } | undefined {
    if (!isKind(value, 'construct')) return undefined
    const name = lastName(value.path)
    if (name === 'batch_alter_table') {
      const table = value.positional[0] ?? value.named.get('table_name') ??
        notUnderstood('the batch has no table')
      const more = ['table_args', 'table_kwargs'].find((one) => !isNothing(value.named.get(one)))
      if (more !== undefined) {
        return notUnderstood(`"${more}" of the batch, which SQLite alone makes the table with`)
      }
      const args = { positional: [table, ...value.positional.slice(1)], named: value.named }
      return { completion: body({ ...value, path: 'batch', ...args }) }
    }
    if (
      name === 'autocommit_block' || name === 'begin_transaction' || name === 'begin' ||
      name === 'begin_nested'
    ) {
      return { completion: body(value) }
    }
    return isConnection(value) ? { completion: body(value) } : undefined
  }

  readonly isList = isInspected

  guard(condition: Value, holds: boolean, body: () => Completion): { completion: Completion } | undefined {
    const asked = existenceOf(condition)
    if (asked === undefined) return undefined
    const { completion, emitted } = this.context.apart(body)
    // What leaves the function leaves more than what is guarded.
    if (holds && completion !== undefined) return notUnderstood('it depends on what is in the database')
    const existence = { ...asked, there: asked.there === holds }
    const operations = emitted.map((one) => ({ ...one, operation: guarded(one.operation, existence) }))
    this.context.operations.splice(-operations.length, operations.length, ...operations)
    return { completion }
  }

  endless(loop: Extract<Statement, { kind: 'while' }>, scope: Scope, execution: Execution): boolean {
    const turn = turnOf(loop, loop.test.kind !== 'constant')
    if (turn === undefined) return false
    const outer: Scope = { names: new Map(), parent: scope }
    this.#turn = []
    try {
      execution.runAll(turn.body, outer)
      const [sql, ...more] = this.#turn
      if (sql === undefined || more.length > 0) {
        return notUnderstood('the loop does not do one thing over and over')
      }
      this.#emitTurn(sql, loop)
    } finally {
      this.#turn = undefined
    }
    return true
  }

  #emitTurn(sql: string, at: Place): void {
    const dialect = this.context.dialect ?? this.context.options.dialect ?? 'postgres'
    const backfill = backfillOf(sql, dialect)
    if (backfill !== undefined) {
      const { size, ...rest } = backfill
      this.context.emit(at, { op: 'backfill', ...rest, batch_size: size })
      return
    }
    const whole = withoutLimit(sql, dialect) ?? notUnderstood('the loop has no end that can be seen')
    this.context.note(at, 'a loop over batches is one statement here')
    emitSql(whole, at, this.context)
  }
}

/** None, and what has no items. */
function isNothing(value: Value | undefined): boolean {
  return value === undefined || value === null || (isSequence(value) && value.items.length === 0)
}

/** What an update gives back: its rows are not looked at. */
const RESULT: Value = null

function query(at: Place): Value {
  return { kind: 'construct', path: 'result of a query', positional: [], named: new Map(), at }
}

function isQuery(statement: Construct): boolean {
  return lastName(statement.path) === 'select' || (isKind(statement.of, 'construct') && isQuery(statement.of))
}

function isText(value: Value): value is Construct {
  return isKind(value, 'construct') && value.of === undefined && lastName(value.path) === 'text'
}
