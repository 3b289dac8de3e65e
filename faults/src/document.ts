import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { allFaults } from './all-faults.ts'
import type { Fault, Text } from './fault.ts'

export type Language = keyof Text

/** What stands around the table in docs/<language>/faults.md. */
const marks = { begin: '<!-- faults: written by faults/src/document.ts -->\n\n', end: '\n<!-- /faults -->' }

const words: Record<Language, { titles: string[]; nothing: string }> = {
  en: { titles: ['Fault', 'What it does', 'Alert', 'Cure'], nothing: 'none' },
  ko: { titles: ['장애', '하는 일', '알림', '해결'], nothing: '없음' },
}

export const languages = Object.keys(words) as Language[]

export const pageOf = (language: Language): string =>
  fileURLToPath(new URL(`../../docs/${language}/faults.md`, import.meta.url))

const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`

function faultRow({ name, does, fires, cure }: Fault, language: Language) {
  const alerts = new Set(fires.map(({ alert }) => `[${alert}](runbooks/${alert}.md)`))
  return row([`\`${name}\``, does[language], [...alerts].join(', ') || words[language].nothing, cure[language]])
}

/**
 * The page with the table of all faults as they are defined.
 *
 * @throws Error when the page does not say where it belongs
 */
export function withFaults(page: string, language: Language): string {
  const from = page.indexOf(marks.begin) + marks.begin.length
  const to = page.indexOf(marks.end, from - 1)
  if (from < marks.begin.length || to < 0) throw new Error(`the page needs ${marks.begin}${marks.end}`)
  const { titles } = words[language]
  const table = [row(titles), row(titles.map(() => '---')), ...allFaults.map((fault) => faultRow(fault, language))]
  return page.slice(0, from) + table.join('') + page.slice(to)
}

if (import.meta.main) {
  for (const language of languages)
    writeFileSync(pageOf(language), withFaults(readFileSync(pageOf(language), 'utf8'), language))
}
