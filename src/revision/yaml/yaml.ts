/** The `yaml` library, loaded when the first file is parsed: most commands need none. */

export type Yaml = typeof import('yaml')

let loaded: Yaml | undefined

/** The library; loaded once. */
export async function loadYaml(): Promise<Yaml> {
  return loaded ??= await import('yaml')
}
