/** A command in another folder than the project's says where that is, and its hints work as they stand. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'

Deno.test('below the project the hint leads to it', async () => {
  await withFolder(async (folder) => {
    fs.mkdirSync(path.join(folder, 'migrations/old'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'limbeck.yaml'), 'revisions: migrations\n')
    const cwd = path.join(folder, 'migrations/old')
    const { code, stderr } = await limbeck(['heads'], { cwd })
    assert.equal(code, 2)
    assert.match(
      stderr,
      /hint: there is \.\.\/\.\.\/limbeck\.yaml: run limbeck in \.\.\/\.\., or with -c \.\.\/\.\.\/limbeck\.yaml\n/,
    )
    assert.equal((await limbeck(['heads', '-c', '../../limbeck.yaml'], { cwd })).code, 0)
  })
})

Deno.test('in a project of Alembic the hint takes it over', async () => {
  await withFolder(async (cwd) => {
    fs.mkdirSync(path.join(cwd, 'alembic/versions'), { recursive: true })
    fs.writeFileSync(path.join(cwd, 'alembic.ini'), '[alembic]\nscript_location = %(here)s/alembic\n')
    fs.writeFileSync(
      path.join(cwd, 'alembic/versions/a1.py'),
      'revision = "a1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
    )
    const { stderr } = await limbeck(['upgrade', 'head'], { cwd })
    assert.match(
      stderr,
      /hint: `limbeck import alembic alembic\.ini` makes it from Alembic's; `limbeck init` makes it/,
    )
    const { code } = await limbeck(['import', 'alembic', '--dry-run'], { cwd })
    assert.equal(code, 0, 'the alembic.ini here needs no name')
    const imported = await limbeck(['import', 'alembic', 'alembic.ini'], { cwd })
    assert.equal(imported.code, 0, imported.stderr)
    assert.equal((await limbeck(['heads'], { cwd })).stdout, 'a1 (head)\n')
  })
})
