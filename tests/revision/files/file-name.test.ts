import assert from 'node:assert/strict'
import { createdText, fileName, newRevisionId, slug } from '../../../src/revision/file-name.ts'
import type { FileNameOptions } from '../../../src/revision/file-name.ts'
import { errorsOf } from './support.ts'

const date = new Date('2024-03-05T06:07:08.900Z')
const name = (options: FileNameOptions, message = 'Create account table') =>
  fileName({ id: 'ae10', message, date }, options)

Deno.test("slugs follow Alembic's rule", () => {
  assert.equal(slug('create account table', 12), 'create_')
  assert.equal(slug('create account table'), 'create_account_table')
  assert.equal(slug("Don't -- drop: Ärzte_2!"), 'don_t_drop_ärzte_2')
  assert.equal(slug('x'.repeat(50)), 'x'.repeat(40) + '_')
  assert.equal(slug('aaa bbb', 4), 'aaa_')
  assert.equal(slug('aaa bbb', 7), 'aaa_bbb')
  assert.equal(slug('?!'), '')
  assert.equal([...slug('𝒳'.repeat(50), 10)].length, 11)
})

const TEMPLATES: Readonly<Record<string, string>> = {
  '%(rev)s_%(slug)s': 'ae10_create_account_table.yaml',
  '%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s':
    '2024_03_05_0607-ae10_create_account_table.yaml',
  '%(year)d/%(month)02d/%(day)2d%(second)-3d|%(epoch)s': '2024/03/ 58  |1709618828.yaml',
  '%(rev).2s%%%(slug)8.3s': 'ae%     cre.yaml',
}

for (const [template, expected] of Object.entries(TEMPLATES)) {
  Deno.test(`file_template ${template}`, () => assert.equal(name({ template }), expected))
}

Deno.test('without a message no "_" is left over', () => {
  assert.equal(name({}, ''), 'ae10.yaml')
  assert.equal(name({ slugLength: 7 }), 'ae10_create_.yaml')
})

Deno.test('dates are of the timezone', () => {
  const template = '%(year)d%(month)02d%(day)02d%(hour)02d'
  const late = (timezone: string) =>
    fileName({ id: 'a', message: '', date: new Date('2024-12-31T23:30:00Z') }, { template, timezone })
  assert.equal(late('UTC'), '2024123123.yaml')
  assert.equal(late('Europe/Berlin'), '2025010100.yaml')
  assert.equal(late('europe/berlin'), '2025010100.yaml')
})

const REFUSED: Readonly<Record<string, string>> = {
  '%(slag)s': 'unknown token "slag" in file_template "%(slag)s" | did you mean "slug"?',
  '%(author)s':
    'unknown token "author" in file_template "%(author)s" | the tokens are rev, slug, epoch, year, month, ' +
    'day, hour, minute, second',
  '%%(year)d_%%(rev)s_%%(slug)s':
    'file_template "%%(year)d_%%(rev)s_%%(slug)s" has no token: all files would be called alike | ' +
    'write % here where alembic.ini has %%',
  '{rev}_{slug}': 'file_template "{rev}_{slug}" has no token: all files would be called alike | ' +
    'the tokens are rev, slug, epoch, year, month, day, hour, minute, second',
  '100%': '"%" in file_template "100%" is no token | write %% for a "%"',
  '%(rev': '"%" in file_template "%(rev" is no token | write %% for a "%"',
  '%(slug)d': 'file_template "%(slug)d" has "%(slug)d" | write %(slug)s or %(slug)d',
  '../%(rev)s': 'file_template "../%(rev)s" gives "../ae10", which is no path inside the revision folder',
  '/%(rev)s': 'file_template "/%(rev)s" gives "/ae10", which is no path inside the revision folder',
  'a//%(rev)s': 'file_template "a//%(rev)s" gives "a//ae10", which is no path inside the revision folder',
}

for (const [template, error] of Object.entries(REFUSED)) {
  Deno.test(`refused: file_template ${template}`, async () => {
    assert.deepEqual(await errorsOf(() => name({ template })), [`error[bad-template]: ${error}`])
  })
}

Deno.test('an unknown timezone', async () => {
  assert.deepEqual(await errorsOf(() => name({ timezone: 'Mars/Base' })), [
    'error[bad-timezone]: unknown timezone "Mars/Base" | write an IANA name, such as Europe/Berlin or UTC',
  ])
})

Deno.test('created, with its offset', () => {
  assert.equal(createdText(date), '2024-03-05T06:07:08Z')
  assert.equal(createdText(date, 'Asia/Kolkata'), '2024-03-05T11:37:08+05:30')
  assert.equal(createdText(date, 'America/New_York'), '2024-03-05T01:07:08-05:00')
})

Deno.test('new ids are 12 hexadecimal characters that do not read like a number', () => {
  const uuids = ['0-475461270014', '0-12e456789012', '0-e75fa022c781'].values()
  assert.equal(newRevisionId(() => uuids.next().value!), 'e75fa022c781')
  const ids = new Set(Array.from({ length: 1000 }, () => newRevisionId()))
  assert.equal(ids.size, 1000)
  for (const id of ids) assert.match(id, /^[0-9a-f]{12}$/)
})
