/** Constants that revisions of Alembic take from modules of their application. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readAlembic } from '../../src/import/alembic/folder.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'
import { withFolder } from '../support/folder.ts'

const HEAD = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a1"\ndown_revision = None\n'

/** What a history of one revision comes to beside other files. */
async function original(revision: string, files: Readonly<Record<string, string>>) {
  await loadValidator()
  return await withFolder(async (folder) => {
    const all = { ...files, 'app/migrations/versions/a1.py': HEAD + revision }
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const read = await readAlembic(join(folder, 'app/migrations'), { types: new Map() }, (file) => file)
    const namings = read.namings.map(({ naming, at }) => ({
      naming,
      at: `${at.file.slice(folder.length + 1)}:${at.line}`,
    }))
    return { operations: read.revisions[0]!.upgrade.map((one) => one.operation), namings }
  })
}

async function operations(revision: string, files: Readonly<Record<string, string>>) {
  return (await original(revision, files)).operations
}

const FILES = {
  'app/__init__.py': '',
  'app/constants.py':
    'import os\nfrom .kinds import Kind\nTABLE = "users"\nROLES = ["a", "b"]\nHOME = os.environ["HOME"]\n',
  'app/kinds/__init__.py': 'import enum\nfrom app import constants\nclass Kind(enum.Enum):\n    one = "1"\n',
  'app/broken.py': 'def (:\n',
  'app/money.py': 'class Money(Base):\n    unit = "EUR"\n',
}

Deno.test('texts, lists and enums of the application are known, absolute and relative', async () => {
  const revision = `
from app.constants import TABLE, ROLES
from ...constants import Kind
import app.constants as c
from app.money import Money
ROLES.append("c")
def upgrade():
    from app.constants import ROLES as later
    op.create_table(TABLE, sa.Column("a", sa.Enum(*ROLES, name="role")), sa.Column("b", sa.Enum(Kind, name="kind")))
    op.add_column(c.TABLE, sa.Column(later[1], sa.Text(), server_default=Money.unit))
`
  assert.deepEqual(await operations(revision, FILES), [
    {
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'a', type: { enum: ['a', 'b', 'c'], name: 'role' } },
        { name: 'b', type: { enum: ['one'], name: 'kind' } },
      ],
    },
    { op: 'add_column', table: 'users', column: { name: 'b', type: 'text', default: 'EUR' } },
  ])
})

Deno.test('what is no constant of the application is for a person', async () => {
  for (const source of ['app.constants import HOME as x', 'app.broken import x', 'elsewhere import x']) {
    const [one] = await operations(`from ${source}\ndef upgrade():\n    op.drop_table(x)\n`, FILES)
    assert.equal(one?.op, 'todo', source)
  }
})

Deno.test('the naming_convention of the application is found, once for each', async () => {
  const files = {
    'alembic.ini': '',
    'app/base.py':
      'PK = "pk_%(table_name)s"\nmetadata = MetaData(\n    naming_convention={"pk": PK, "ix": lambda: 1},\n)\n',
    'app/names.py': 'NAMES = {"uq": "uq_%(table_name)s"}\n',
    'other/models.py':
      'from app.names import NAMES\nclass Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=NAMES)\n',
    'other/same.py': 'db = SQLAlchemy(metadata=MetaData(naming_convention=dict(uq="uq_%(table_name)s")))\n',
    'other/later.py': 'm = MetaData(naming_convention=made())\nnaming_convention = "é"\n',
    'tests/none.py': 'MetaData(naming_convention={"pk": "tests"})\n',
  }
  assert.deepEqual((await original('def upgrade():\n    pass\n', files)).namings, [
    { naming: { primary_key: 'pk_%(table_name)s' }, at: 'app/base.py:3' },
    { naming: { unique: 'uq_%(table_name)s' }, at: 'other/models.py:3' },
  ])
})
