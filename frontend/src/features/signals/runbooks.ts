/** A comment for whoever runs the documents' shell blocks. */
const comment = /<!--.*?-->/gs

/** Runbooks by the name of their alert, from texts by path. */
export function byName(texts: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(texts).map(([path, text]) => [/([^/]+)\.md$/.exec(path)![1]!, text.replaceAll(comment, '')]),
  )
}
