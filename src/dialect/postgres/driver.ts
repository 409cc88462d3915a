/** What is used of the driver `postgres`, so that its types are not needed outside connect.ts. */
export interface Query extends Promise<unknown> {
  /** Tells of each row as it comes, in place of keeping them. */
  forEach(row: (row: Readonly<Record<string, unknown>>) => void): Promise<unknown>
}

export interface Driver {
  unsafe(text: string, parameters?: (string | number | boolean | null)[]): Query
}
