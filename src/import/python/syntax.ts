/** Python's syntax as far as migrations need it: plain data, each node with its place in the text. */

export interface Place {
  /** Offsets in the text, in characters. */
  readonly from: number
  readonly to: number
}

export type Expression =
  & Place
  & (
    | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'format'; readonly parts: readonly (string | Replacement)[] }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
    | { readonly kind: 'spread'; readonly stars: 1 | 2; readonly value: Expression }
    | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
    | { readonly kind: 'slice'; readonly bounds: readonly (Expression | undefined)[] }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
    | { readonly kind: 'unary'; readonly operator: string; readonly value: Expression }
    | {
      readonly kind: 'conditional'
      readonly test: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | {
      readonly kind: 'comprehension'
      readonly of: 'list' | 'set' | 'dict'
      readonly key?: Expression
      readonly value: Expression
      readonly clauses: readonly Clause[]
    }
    | { readonly kind: 'unsupported'; readonly what: string }
  )

/** `{value!conversion:spec}` of an f-string. */
export interface Replacement {
  readonly value: Expression
  readonly conversion?: string
  readonly spec: readonly (string | Replacement)[]
}

/** Without a key: `**mapping`. */
export interface DictEntry {
  readonly key?: Expression
  readonly value: Expression
}

export interface Argument {
  readonly name?: string
  readonly value: Expression
}

export interface Parameter {
  readonly name: string
  readonly stars: 0 | 1 | 2
  readonly fallback?: Expression
}

/** `for target in values if test`. */
export interface Clause {
  readonly target: Expression
  readonly values: Expression
  readonly tests: readonly Expression[]
}

export interface FunctionDefinition extends Place {
  readonly kind: 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

export type Statement =
  | FunctionDefinition
  | (
    & Place
    & (
      | { readonly kind: 'pass' | 'break' | 'continue' }
      | { readonly kind: 'expression'; readonly value: Expression }
      | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
      | {
        readonly kind: 'update'
        readonly target: Expression
        readonly operator: string
        readonly value: Expression
      }
      | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
      | { readonly kind: 'return'; readonly value?: Expression }
      | { readonly kind: 'raise'; readonly value?: Expression }
      | { readonly kind: 'if'; readonly branches: readonly Branch[] }
      | { readonly kind: 'while'; readonly test: Expression; readonly body: readonly Statement[] }
      | {
        readonly kind: 'for'
        readonly target: Expression
        readonly values: Expression
        readonly body: readonly Statement[]
      }
      | { readonly kind: 'with'; readonly items: readonly WithItem[]; readonly body: readonly Statement[] }
      | {
        readonly kind: 'class'
        readonly name: string
        readonly bases: readonly Expression[]
        readonly body: readonly Statement[]
      }
      /** A function or a class with a decorator, which may make anything of it. */
      | { readonly kind: 'decorated'; readonly name: string }
      | { readonly kind: 'unsupported'; readonly what: string }
    )
  )

/** `from a.b import c as d`: path `a.b.c`, name `d`. */
export interface ImportedName {
  readonly name: string
  readonly path: string
}

/** Without a test: `else`. */
export interface Branch {
  readonly test?: Expression
  readonly body: readonly Statement[]
}

export interface WithItem {
  readonly value: Expression
  readonly name?: string
}
