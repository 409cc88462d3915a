/** The formats of `inspect`. */
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import { diff } from '../../diff/index.ts'
import { modelsDocument, modelsText } from '../../models/write.ts'
import { compileOperations } from '../../plan/compile.ts'
import type { Target } from '../../plan/compile.ts'
import { diagramOf } from './diagram.ts'
import { mermaidText } from './mermaid.ts'
import { svgText } from './svg.ts'

interface Writer {
  write(model: Model, target: Target): string
}

export type Format = 'yaml' | 'json' | 'sql' | 'mermaid' | 'svg'

export const FORMATS: Readonly<Record<Format, Writer>> = {
  yaml: { write: (model, { dialect }) => modelsText(modelsDocument(model, dialect)) },
  json: { write: (model, { dialect }) => `${JSON.stringify(modelsDocument(model, dialect), null, 2)}\n` },
  sql: { write: sqlText },
  mermaid: { write: (model) => mermaidText(diagramOf(model)) },
  svg: { write: (model) => svgText(diagramOf(model)) },
}

/** The statements that create the schema. */
function sqlText(model: Model, target: Target): string {
  const start: Model = model.naming === undefined ? EMPTY : { ...EMPTY, naming: model.naming }
  const { operations } = diff(start, model, target.dialect, { server: target.server })
  const placed = operations.map((operation) => ({ operation, locate: <T>(problem: T) => problem }))
  return compileOperations(placed, start, target).statements.map(({ sql }) => `${sql};\n`).join('\n')
}
