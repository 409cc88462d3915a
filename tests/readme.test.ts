/** The README's tour, typed as it stands there, and its examples, read as limbeck reads them. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { limbeck } from './support/command-line.ts'
import { withFolder } from './support/folder.ts'

const README = fs.readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')

/** The fenced blocks of a section. */
function blocks(heading: string): { readonly language: string; readonly text: string }[] {
  const section = new RegExp(`^## ${heading}$(.*?)(?=^## |$(?![^]))`, 'ms').exec(README)
  assert(section !== null, `there is a section "${heading}"`)
  return [...section[1]!.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1]!,
    text: match[2]!,
  }))
}

function block(heading: string, language: string, has: string): string {
  const found = blocks(heading).find((one) => one.language === language && one.text.includes(has))
  assert(found !== undefined, `"${heading}" has ${language} with "${has}"`)
  return found.text
}

/** Types the commands of a block; what stands behind one after `#`, if it is an output, is compared. */
async function type(folder: string, commands: string, outputs: readonly string[] = []): Promise<void> {
  for (const line of commands.trim().split('\n')) {
    const [typed, comment] = line.split(/\s+# /)
    const args = [...typed!.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!)
    assert.equal(args.shift(), 'limbeck', line)
    const ran = await limbeck(args, { cwd: folder })
    assert.equal(ran.code, 0, `${line}\n${ran.stderr}`)
    if (outputs.includes(comment ?? '')) assert.equal(ran.stdout.trim(), comment)
  }
}

Deno.test('the tour can be typed as it stands', async () => {
  await withFolder(async (folder) => {
    const [begin, revision] = ['limbeck init', 'id: 2f5ab91c0d3e']
    await type(folder, block('Five minutes', 'sh', begin))
    const revisions = path.join(folder, 'revisions')
    const [file] = fs.readdirSync(revisions).filter((name) => name.endsWith('_create_users.yaml'))
    assert(file !== undefined, 'the revision was written')
    fs.writeFileSync(path.join(revisions, file), block('Five minutes', 'yaml', revision))
    await type(folder, block('Five minutes', 'sh', 'limbeck upgrade head'), ['2f5ab91c0d3e (head)'])
  })
})

Deno.test('the mistake of the tour is told as it stands there', async () => {
  const told = block('Five minutes', '', 'no-such-table')
  const [, name, at] = /^revisions\/([^:]+):(\d+):/.exec(told)!
  const wrong = /^ +\d+ \| (.*)$/m.exec(told)![1]!
  await withFolder(async (folder) => {
    fs.mkdirSync(path.join(folder, 'revisions'))
    const users = block('Five minutes', 'yaml', 'id: 2f5ab91c0d3e')
    fs.writeFileSync(path.join(folder, 'revisions/2f5ab91c0d3e_create_users.yaml'), users)
    const lines = ['id: 7c1e', 'down_revision: 2f5ab91c0d3e', 'message: add age']
    while (lines.length < Number(at) - 2) lines.push('')
    fs.writeFileSync(path.join(folder, 'revisions', name!), [...lines, 'upgrade:', wrong, ''].join('\n'))
    const { code, stderr } = await limbeck(['upgrade', 'head', '--url', 'sqlite:///x.db'], { cwd: folder })
    assert.equal(code, 1, stderr)
    assert(stderr.includes(told.trim()), stderr)
    assert(!fs.existsSync(path.join(folder, 'x.db')), 'nothing was made')
  })
})

Deno.test('the examples are what limbeck reads', async () => {
  await withFolder(async (folder) => {
    fs.mkdirSync(path.join(folder, 'revisions'))
    const file = path.join(folder, 'revisions/2f5ab91c0d3e_create_users.yaml')
    fs.writeFileSync(file, block('Revisions', 'yaml', 'branch_labels'))
    fs.writeFileSync(path.join(folder, 'limbeck.yaml'), block('limbeck.yaml', 'yaml', 'version_table'))
    const script = ['upgrade', 'head', '--sql', '--dialect', 'postgres']
    const { code, stdout, stderr } = await limbeck(script, { cwd: folder })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /ANALYZE users;[^]*CREATE EXTENSION citext;/)
  })
})

Deno.test('the quickstart moves the database that the README names, whatever DATABASE_URL says', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const scripts = [
    JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).scripts.quickstart,
    JSON.parse(fs.readFileSync(path.join(root, 'deno.json'), 'utf8')).tasks.quickstart,
  ]
  for (const script of scripts) {
    const commands = String(script).split(' && ').filter((one) => one.includes(' limbeck '))
    assert.equal(commands.length, 2, script)
    for (const command of commands) assert.match(command, / --url sqlite:\/\/\/local\.db$/)
  }
  assert.match(block('Two commands', '', 'Running upgrade'), /^database: sqlite:\/\/\/local\.db \(--url\)$/m)
})
