import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { loadRevisions } from '../../../src/revision/load.ts'
import { readText } from '../../../src/revision/yaml/text.ts'
import { errorsOf, folderWith } from './support.ts'

/** The errors of reading one file, without its folder. */
async function errorsIn(folder: string, name: string): Promise<string[]> {
  const errors = await errorsOf(() => loadRevisions([join(folder, name)]))
  return errors.map((error) => error.replaceAll(`${folder}/`, ''))
}

Deno.test('a file that is not there', async () => {
  assert.deepEqual(await errorsIn(folderWith({}), 'a.yaml'), [
    'error[unreadable-file]: cannot read "a.yaml": there is no such file',
  ])
})

Deno.test('a directory', async () => {
  const folder = folderWith({})
  mkdirSync(join(folder, 'a.yaml'))
  assert.deepEqual(await errorsIn(folder, 'a.yaml'), [
    'error[unreadable-file]: cannot read "a.yaml": it is a directory',
  ])
})

Deno.test('symbolic links in a circle', async () => {
  const folder = folderWith({})
  symlinkSync(join(folder, 'b.yaml'), join(folder, 'a.yaml'))
  symlinkSync(join(folder, 'a.yaml'), join(folder, 'b.yaml'))
  assert.deepEqual(await errorsIn(folder, 'a.yaml'), [
    'error[unreadable-file]: cannot read "a.yaml": its symbolic links go in a circle',
  ])
})

Deno.test('50 MB are refused before they are read', async () => {
  const folder = folderWith({ 'a.yaml': '' })
  truncateSync(join(folder, 'a.yaml'), 50 * 1024 * 1024)
  assert.deepEqual(await errorsIn(folder, 'a.yaml'), [
    'error[file-too-large]: "a.yaml" has 50 MB; the limit is 10 MB | ' +
    'load large data with another tool, or split the file',
  ])
})

Deno.test('bytes that are not UTF-8', async () => {
  const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0))
  const folder = folderWith({
    'latin1.yaml': bytes('id: a\nmessage: gr\xfcn\n'),
    'utf16.yaml': bytes('\xff\xfei\0d\0'),
    'cut.yaml': bytes('id: a # \xc3'),
  })
  assert.deepEqual(await errorsIn(folder, 'latin1.yaml'), [
    'latin1.yaml:2:12: error[bad-utf8]: not UTF-8: byte 0xFC at offset 17 | save the file as UTF-8',
  ])
  assert.deepEqual(await errorsIn(folder, 'utf16.yaml'), [
    'utf16.yaml:1:1: error[bad-utf8]: not UTF-8: byte 0xFF at offset 0 | save the file as UTF-8',
  ])
  assert.deepEqual(await errorsIn(folder, 'cut.yaml'), [
    'cut.yaml:1:9: error[bad-utf8]: not UTF-8: byte 0xC3 at offset 8 | save the file as UTF-8',
  ])
})

Deno.test('a byte order mark is no part of the text', () => {
  const folder = folderWith({ 'a.yaml': '\ufeffid: a\n' })
  assert.equal(readText(join(folder, 'a.yaml')), 'id: a\n')
})

Deno.test('empty files', async () => {
  const folder = folderWith({
    'empty.yaml': '',
    'comment.yaml': '# nothing\n',
    'list.yaml': '- a\n',
    'text.yaml': 'hello',
  })
  const hint = '`limbeck revision` writes a new one'
  assert.deepEqual(await errorsIn(folder, 'empty.yaml'), [
    `empty.yaml:1:1: error[empty-revision]: the file is empty | ${hint}`,
  ])
  assert.deepEqual(await errorsIn(folder, 'comment.yaml'), [
    `comment.yaml:1:1: error[empty-revision]: the file is empty | ${hint}`,
  ])
  assert.deepEqual(await errorsIn(folder, 'list.yaml'), [
    'list.yaml:1:1: error[wrong-type]: a revision is a mapping, found a list | a revision begins with `id: …`',
  ])
  assert.deepEqual(await errorsIn(folder, 'text.yaml'), [
    'text.yaml:1:1: error[wrong-type]: a revision is a mapping, found text "hello" | a revision begins with `id: …`',
  ])
})
