/** What is used of the driver `postgres`, so that its types are not needed outside connect.ts. */
export interface Driver {
  unsafe(text: string, parameters?: (string | number | boolean | null)[]): Promise<unknown>
}
