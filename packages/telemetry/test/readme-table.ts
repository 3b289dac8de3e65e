import { readFileSync } from 'node:fs'

/** The rows of the table under a heading of a README, without backquotes, each cell by its column's title. */
export function readmeTable(readme: URL, heading: string): Record<string, string>[] {
  const [, section = ''] = readFileSync(readme, 'utf8').split(`\n## ${heading}\n`)
  const [titles = [], , ...rows] = section
    .split('\n## ', 1)[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')))
  return rows.map((cells) => Object.fromEntries(titles.map((title, column) => [title, cells[column]!])))
}
