/** `password=…` of a URL's query, of libpq's words or of ADO's, however its name is written. */
const NAMED =
  /((?:^|[?&;\s])[\w.-]*(?:pas\w*|pwd|auth|token|jwt|secret|(?<!ssl)key)\s*=\s*)(?:'[^']*'?|"[^"]*"?|[^&#;\s]*)/gi

/**
 * Up to the last `@`, behind the user's name; what begins the URL may be written wrong, be quoted or not be there. A file
 * has no login.
 */
const LOGIN =
  /^(?!(?:sqlite|file)[^:]*:\/\/\/)(["'\s]*(?:[a-z][\w+.-]*[:;]?\/+|(?![a-z][\w+.-]*[:;]?\/))[^:@]*):.*@/is

/** Where the `@host` is missing, a password stands where a port would. */
const NO_HOST = /^(["'\s]*[a-z][\w+.-]*:\/\/[^:/?#@[]*):(?!\d{1,5}(?:[/?#,"'\s]|$))[^/?#@,:]+/i

/**
 * A database URL for people: its password and its tokens are `***`. Whatever the text, nothing between the user's name
 * and the last `@` is shown: a password may hold an unencoded `@`, `/` or `?`.
 */
export function maskUrl(url: string): string {
  return url.replace(LOGIN, '$1:***@').replace(NO_HOST, '$1:***').replace(NAMED, '$1***')
}

/** From the begin of a word on: a long one is read once. */
const WITHIN = /(?<![\w+.-])[\w+.-]+:\/\/[^\s"'`<>]+/g

/** A text with the URLs in it as {@link maskUrl} shows them: a line of the configuration, a command, SQL. */
export function maskWithin(text: string): string {
  return text.replace(WITHIN, maskUrl)
}
