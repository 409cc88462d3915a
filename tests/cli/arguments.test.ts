import assert from 'node:assert/strict'
import { parseArguments } from '../../src/cli/arguments.ts'
import { ProblemError } from '../../src/problem.ts'

function parsed(...args: string[]) {
  const result = parseArguments(args, '1.2.3')
  assert.equal(result.kind, 'command')
  return result as Extract<typeof result, { kind: 'command' }>
}

function refused(...args: string[]): string {
  try {
    parseArguments(args, '1.2.3')
  } catch (error) {
    assert.ok(error instanceof ProblemError)
    return error.message
  }
  return assert.fail('accepted')
}

Deno.test('revisions that look like options or numbers are arguments as typed', () => {
  for (const text of ['-1', '+2', '-3:current', '0123', '12e456789012', 'label@+2', 'base']) {
    assert.deepEqual(parsed('downgrade', text).args, [text])
  }
  assert.equal(parsed('history', '-r', '-3:current').options.text('rev-range'), '-3:current')
  assert.equal(parsed('history', '-r-3:current').options.text('rev-range'), '-3:current')
  assert.equal(parsed('revision', '--rev-id', '0123').options.text('rev-id'), '0123')
})

Deno.test('an option that is cut short is told in full', () => {
  const hint = (...args: string[]) => {
    try {
      parseArguments(args, '1.2.3')
    } catch (error) {
      if (error instanceof ProblemError) return error.problems[0]!.hint
      throw error
    }
  }
  assert.equal(hint('revision', '--autogen'), 'did you mean --autogenerate?')
  assert.equal(hint('revision', '--re'), 'see `limbeck revision --help`')
})

Deno.test('a word after a flag is not its value', () => {
  assert.match(refused('current', '--check-heads', 'foo'), /unexpected argument "foo"/)
  assert.match(refused('current', '-c', 'limbeck.yaml'), /-c is --check-heads here/)
  const { args, options } = parsed('merge', '--splice', 'a', 'b')
  assert.deepEqual(args, ['a', 'b'])
  assert.equal(options.flag('splice'), true)
})

Deno.test('-c is the configuration before a command, and after current its heads', () => {
  const before = parsed('-c', 'other.yaml', 'current')
  assert.deepEqual([before.options.text('config'), before.options.flag('check-heads')], ['other.yaml', false])
  const after = parsed('current', '-c')
  assert.deepEqual([after.options.text('config'), after.options.flag('check-heads')], [undefined, true])
  assert.equal(parsed('heads', '-c', 'other.yaml').options.text('config'), 'other.yaml')
})

Deno.test('short options may stand together before the command, too, the last of them with its value', () => {
  const { options, args } = parsed('-qn', 'production', 'upgrade', 'head')
  assert.deepEqual([options.flag('quiet'), options.text('name')], [true, 'production'])
  assert.deepEqual(args, ['head'])
  assert.equal(parsed('-qnproduction', 'heads').options.text('name'), 'production')
  assert.equal(parsed('-qn=production', 'heads').options.text('name'), 'production')
  assert.match(refused('-qn'), /the option -n needs a value/)
})

Deno.test('options that may be repeated keep all values, others the last', () => {
  const { options } = parsed('upgrade', '-x', 'a=1', 'head', '-x', 'b=2', '--url', 'one', '--url', 'two')
  assert.deepEqual(options.texts('x'), ['a=1', 'b=2'])
  assert.equal(options.text('url'), 'two')
})
