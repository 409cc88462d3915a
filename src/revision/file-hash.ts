/** What a revision file means now, without reading it as operations. */
import { AS_WRITTEN } from './document.ts'
import { contentHash } from './hash.ts'
import type { Meaning } from './hash.ts'
import { isMapping } from './shape/validate.ts'
import { quickData } from './yaml/quick.ts'
import { sourceOf } from './yaml/source.ts'
import { readText } from './yaml/text.ts'
import { loadYaml } from './yaml/yaml.ts'

/**
 * The {@link contentHash} of a file; whether its operations are right is not looked at.
 * @throws what is wrong with the file or its YAML (exit code 2)
 */
export async function fileHash(file: string): Promise<string> {
  const text = readText(file).replace(/\r\n?/g, '\n')
  // All applied revisions come by: the library is loaded for a file that is not ordinary.
  const data = quickData(text, AS_WRITTEN) ??
    sourceOf(await loadYaml(), text, file, { asWritten: AS_WRITTEN }).data
  return contentHash((isMapping(data) ? data : {}) as unknown as Meaning)
}
