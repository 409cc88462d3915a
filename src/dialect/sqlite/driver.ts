/** What is used of `@libsql/client`, so that its types are not needed outside `connect.ts`. */

export interface ResultSet {
  readonly columns: readonly string[]
  /** Values by position; the rows are no arrays. */
  readonly rows: readonly { readonly [column: number]: unknown }[]
  readonly rowsAffected: number
}

/** A statement with its parameters. */
export interface Bound {
  readonly sql: string
  readonly args: (string | number | bigint | null)[]
}

export interface Transaction {
  execute(statement: string | Bound): Promise<ResultSet>
  batch(statements: string[]): Promise<readonly ResultSet[]>
  executeMultiple(sql: string): Promise<void>
  rollback(): Promise<void>
  close(): void
}

export interface Client {
  execute(statement: string | Bound): Promise<ResultSet>
  executeMultiple(sql: string): Promise<void>
  transaction(mode: 'write' | 'deferred'): Promise<Transaction>
  close(): void
}
