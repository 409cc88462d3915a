/** Python that is made to hang, to overflow or to do harm: it is told in a moment what cannot be read. */
import assert from 'node:assert/strict'
import process from 'node:process'
import { readRevision } from '../../src/import/alembic/revision.ts'
import { todosOf } from '../../src/import/imported.ts'
import { loadGrammar } from '../../src/import/python/parse.ts'
import { ProblemError } from '../../src/problem.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'

const SECONDS = 20

/** The seconds since now: of the process, where those on the clock are more because the machine does other things. */
function stopwatch(): () => number {
  const [start, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    return Math.min(performance.now() - start, (user + system) / 1000) / 1000
  }
}

/** What is wrong with a module, in words; and that it did not take long to tell. */
async function told(source: string): Promise<string[]> {
  await loadValidator()
  const grammar = await loadGrammar()
  const taken = stopwatch()
  try {
    const one = readRevision(grammar, `from alembic import op\nrevision = "ab12"\n${source}`, 'ab12.py', {
      types: new Map(),
    })
    return todosOf(one!).map((problem) => problem.message)
  } catch (error) {
    assert(error instanceof ProblemError)
    return error.problems.map((problem) => `${problem.code} at line ${problem.at?.line ?? '?'}`)
  } finally {
    assert(taken() < SECONDS)
  }
}

const upgrade = (...lines: readonly string[]) =>
  `def upgrade():\n${lines.map((line) => `    ${line}\n`).join('')}`

Deno.test('a megabyte of nesting', async () => {
  const deep = 500_000
  assert.deepEqual(await told(upgrade(`op.execute(${'('.repeat(deep)}1${')'.repeat(deep)})`)), [
    'too-deep at line 4',
  ])
  assert.deepEqual(await told(upgrade(`x = ${'['.repeat(deep)}`)), ['too-deep at line 4'])
  const not = await told(upgrade(`x = ${'not '.repeat(250_000)}y`))
  assert.deepEqual(not, ['too-deep at line 4'])
  const blocks = Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}if 1:\n`).join('')
  assert.match((await told(`${blocks}${' '.repeat(700)}pass\n`))[0]!, /^(too-deep|python-syntax) at line/)
  assert.deepEqual(await told(upgrade(`x = '${'('.repeat(1000)}' # ${'('.repeat(1000)}`)), [])
})

Deno.test('a megabyte of statements, each of them understood', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `x = "${'a'.repeat(40)}" + str(${i})`)
  assert.deepEqual(await told(upgrade(...lines)), [])
})

Deno.test('a key of an index that is blanks', async () => {
  const key = `a${' '.repeat(20_000)}b`
  const lines = [
    'op.create_table("t", sa.Column("a", sa.Text()))',
    `op.create_index("i", "t", [sa.text("${key}")])`,
  ]
  assert.deepEqual(await told(`import sqlalchemy as sa\n${upgrade(...lines)}`), [])
})

Deno.test('texts and lists that double', async () => {
  const doubled = Array.from({ length: 60 }, () => 'x = x + x')
  const [first] = await told(upgrade('x = "ab"', ...doubled, 'op.execute(x)'))
  assert.match(first!, /too large/)
  assert.match((await told(upgrade('x = [1]', ...doubled, 'op.execute(str(x))')))[0]!, /too large/)
  assert.match((await told(upgrade('op.execute("%99999999d" % 1 * 10 ** 8)')))[0]!, /too large/)
})

Deno.test('loops in loops, functions that call each other, and generators of everything', async () => {
  const loops = [
    'for a in range(9999):',
    '    for b in range(9999):',
    '        for c in range(9999):',
    '            pass',
  ]
  assert.match((await told(upgrade(...loops)))[0]!, /too many steps/)
  const mutual = 'def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n) + f(n)\n'
  assert.match((await told(mutual + upgrade('op.execute(f(1))')))[0]!, /too often/)
  const tree = 'def t(n):\n    return 1 if n == 0 else t(n - 1) + t(n - 1)\n'
  assert.match((await told(tree + upgrade('op.execute(str(t(25)))')))[0]!, /too many steps/)
  assert.match(
    (await told(upgrade('x = [a * b for a in range(9999) for b in range(9999)]', 'op.execute(str(x))')))[0]!,
    /too many steps/,
  )
})

Deno.test('names of JavaScript are no names of Python', async () => {
  const [first] = await told(
    upgrade('op.constructor("x")', 'op.execute("a".constructor())', 'op.execute(toString())'),
  )
  assert.match(first!, /no operation "constructor"/)
  assert.deepEqual(await told(upgrade('op.__proto__()')), ['there is no operation "__proto__" in Alembic'])
})
