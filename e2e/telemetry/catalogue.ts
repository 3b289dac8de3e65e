import { readFileSync } from 'node:fs'
import { services } from '@hello/shop/services'

/** One row of a table of docs/<language>/telemetry.md. */
export interface Row {
  name: string
  /** Marked †: it shows only when something goes wrong, or a process starts or ends. */
  rare: boolean
  /** The words of the other cells by their column's title; none for what is free text. */
  cells: Record<string, string[]>
}

const root = new URL('../../', import.meta.url)
const names = (of: readonly { name: string }[]) => of.map(({ name }) => name)

/** What the pages say for services of a kind, so that another one needs no new word. */
const groups: Record<string, string[]> = {
  all: names(services),
  'with a database': names(services.filter(({ database }) => database)),
  'with an upstream': names(services.filter(({ upstreams }) => upstreams.length > 0)),
}

const words = (cell: string): string[] =>
  cell
    .split(',')
    .map((word) => word.replaceAll('`', '').trim())
    .filter(Boolean)
    .flatMap((word) => groups[word] ?? [word])

/** The table that is the `index`-th of the page, in whatever language its titles are. */
function table(language: string, index: number): string[][] {
  const page = readFileSync(new URL(`docs/${language}/telemetry.md`, root), 'utf8')
  const tables = page.split('\n\n').filter((part) => part.startsWith('|'))
  return (tables[index] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The tables of the page, in their order, with the titles of their columns but for the first and the meaning. */
const tables = {
  fields: ['services'],
  messages: ['level', 'services'],
  spans: ['kind', 'services'],
  attributes: ['spans'],
  events: ['spans', 'attributes'],
  statements: ['services'],
  resource: ['setBy'],
} as const

export type Catalogue = Record<keyof typeof tables, Row[]>

/** All tables of docs/<language>/telemetry.md. */
export function readCatalogue(language: string): Catalogue {
  const read = Object.entries(tables).map(([name, titles], index) => [
    name,
    table(language, index).map(([first = '', ...others]) => ({
      name: /^`([^`]+)`/.exec(first)![1]!,
      rare: first.endsWith('†'),
      cells: Object.fromEntries(titles.map((title, column) => [title, words(others[column] ?? '')])),
    })),
  ])
  return Object.fromEntries(read) as Catalogue
}

/** The source code of all that emits. */
export function sources(files: string[]): string {
  return files.map((file) => readFileSync(new URL(file, root), 'utf8')).join('\n')
}
