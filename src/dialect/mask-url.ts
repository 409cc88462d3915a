const SECRET =
  /((?:^|[?&\s])(?:(?:ssl)?password|passwd|auth[-_]?token|jwt|key|encryption[-_]?key)\s*=)[^&#\s]*/gi

/**
 * A database URL for people: its password and its tokens are `***`. Whatever the text, nothing between the user's name
 * and the last `@` is shown: a password may hold an unencoded `@`, `/` or `?`.
 */
export function maskUrl(url: string): string {
  return url.replace(/^([a-z][\w+.-]*:\/\/[^:/?#@]*):.*@/is, '$1:***@').replace(SECRET, '$1***')
}
