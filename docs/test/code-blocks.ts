import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The checkout. */
export const root = join(import.meta.dirname, '../..')

/** Every page that a reader may copy commands from. */
export const pages = globSync(['*.md', 'docs/**/*.md', 'charts/*/README.md', 'packages/*/README.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).sort()

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

export interface CodeBlock {
  page: string
  /** The line of its fence. */
  line: number
  language: string
  text: string
  /** The line above it that is not empty. */
  above: string | undefined
}

/** What a comment says of a block, or of all blocks of its page: `<!-- run by: FILE -->`, `<!-- not run: WHY -->`. */
export interface Mark {
  kind: 'run by' | 'not run'
  /** A test file, or a reason. */
  what: string
}

export interface ShellBlock extends CodeBlock {
  mark: Mark | undefined
}

/** The blocks of a page, also those within lists. */
export function codeBlocks(page: string): CodeBlock[] {
  const lines = readPage(page).split('\n')
  const blocks: CodeBlock[] = []
  for (let index = 0; index < lines.length; index++) {
    const [, indent, fence, language] = /^(\s*)(```+)(\w*)/.exec(lines[index]!) ?? []
    if (fence === undefined) continue
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence)
    const text = lines.slice(index + 1, end).map((line) => line.slice(indent!.length))
    const above = lines.slice(0, index).findLast((line) => line.trim() !== '')
    blocks.push({ page, line: index + 1, language: language!, text: text.join('\n'), above })
    index = end
  }
  return blocks
}

const comment = /^\s*<!-- (?:(every block) )?(run by|not run): (.+?) -->$/

function markOf(line: string | undefined, whole: boolean): Mark | undefined {
  const [, every, kind, what] = comment.exec(line ?? '') ?? []
  return kind && what && Boolean(every) === whole ? { kind: kind as Mark['kind'], what } : undefined
}

/** The shell blocks of a page. A comment right above a block goes before that of the page. */
export function shellBlocks(page: string): ShellBlock[] {
  const ofPage = readPage(page)
    .split('\n')
    .map((line) => markOf(line, true))
    .find(Boolean)
  return codeBlocks(page)
    .filter(({ language }) => /^(sh|bash|shell|console)$/.test(language))
    .map((block) => ({ ...block, mark: markOf(block.above, false) ?? ofPage }))
}
