/**
 * What a pattern of `include` and `exclude` may name before its colon: `view:report_*`. Without one it names relations and
 * their columns.
 */
export const COMPARED_KINDS = [
  ...['table', 'column', 'index', 'enum', 'domain', 'sequence', 'view', 'materialized_view', 'function'],
  ...['trigger', 'policy', 'grant', 'extension', 'schema'],
] as const
