import { readFileSync } from 'node:fs'

export interface CodeBlock {
  language: string
  /** What follows the language: the name of the file that the block is. */
  file: string
  text: string
}

/** The fenced blocks of a Markdown file, in order. */
export function codeBlocks(markdown: URL): CodeBlock[] {
  const fences = readFileSync(markdown, 'utf8').matchAll(/^```(\w+) ?(.*)\n((?:.*\n)*?)```$/gm)
  return Array.from(fences, ([, language = '', file = '', text = '']) => ({ language, file, text }))
}
