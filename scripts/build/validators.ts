/**
 * ajv's functions for the shapes of revisions, of models and of limbeck.yaml, written when limbeck is built: the place of
 * `src/revision/shape/compiler.ts` is taken by a module that has them all.
 */
import standaloneCode from 'ajv/dist/standalone/index.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { configShape } from '../../src/cli/config/shape.ts'
import { MODELS_SHAPE } from '../../src/models/shape.ts'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { DOCUMENT_SHAPE } from '../../src/revision/document.ts'
import type { Bundler } from './native.ts'

/** Where a shape is found when limbeck runs, from `src/revision/shape/`, and its function's name. */
interface Ready {
  readonly name: string
  readonly shape: object
  readonly found: string
}

function shapes(): Ready[] {
  return [
    { name: 'document', shape: DOCUMENT_SHAPE, found: 'DOCUMENT_SHAPE' },
    { name: 'config', shape: configShape, found: 'configShape' },
    { name: 'models', shape: MODELS_SHAPE, found: 'MODELS_SHAPE' },
    ...DEFINITIONS.map(({ kind, shape }, i) => ({ name: kind, shape, found: `DEFINITIONS[${i}].shape` })),
  ]
}

/** The text of the module: each shape, the very object, with its function. */
function ready(): string {
  const all = shapes()
  const ajv = new Ajv2020({
    strict: false,
    meta: false,
    messages: false,
    validateSchema: false,
    code: { source: true, esm: true },
  })
  for (const { name, shape } of all) ajv.addSchema(shape, name)
  const code = standaloneCode.default(ajv, Object.fromEntries(all.map(({ name }) => [`of_${name}`, name])))
  return `import { DEFINITIONS } from '../../ops/index.ts'
import { configShape } from '../../cli/config/shape.ts'
import { MODELS_SHAPE } from '../../models/shape.ts'
import { DOCUMENT_SHAPE } from '../document.ts'
import { fault } from '../../problem.ts'
${code}
const READY = new Map([${all.map(({ name, found }) => `[${found}, of_${name}]`).join(', ')}])
export async function loadCompiler() {
  return (schema) => READY.get(schema) ?? fault('internal', 'a shape has no ready-made validator')
}
`
}

/** The plugin, for both bundlers. */
export const validators = {
  name: 'validators',
  setup(bundler: Bundler): void {
    bundler.onLoad(
      { filter: /src[\\/]revision[\\/]shape[\\/]compiler\.ts$/ },
      () => ({ contents: ready(), loader: 'js' }),
    )
  },
}
