import { promises } from '../lib/promises.ts'
import { type Chart, drawChart } from './chart.ts'
import type { LinkedRequest, Report } from './records.ts'
import { breakText, duration, failuresOf, findings, nameOf } from './verdict.ts'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const asText = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character]!)

const style = `
:root { color-scheme: light dark; --text: light-dark(#1a1d21, #e4e7eb); --dim: light-dark(#5c6670, #9aa4af); --line: light-dark(#d8dde3, #39414a);
  --page: light-dark(#fff, #14181d); --good: light-dark(#1a7f37, #4ac26b); --bad: light-dark(#c4222f, #ff7b72);
  --s0: light-dark(#0b62c4, #6cb6ff); --s1: light-dark(#9a6700, #e3b341); --s2: light-dark(#8250df, #c297ff) }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .25rem 0 }
.dim { color: var(--dim) } text { fill: var(--dim) } .good { color: var(--good) } .bad { color: var(--bad) } b { font-weight: 600 }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% } th { font-weight: 600 }
td, th { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
svg { width: 100%; min-width: 40rem; height: auto; display: block } svg text { font-size: 11px } a { color: var(--s0) }
.grid { stroke: var(--line) } .limit { stroke-dasharray: 5 4 } .series { fill: none; stroke-width: 2 }
.s0 { color: var(--s0) } .s1 { color: var(--s1) } .s2 { color: var(--s2) } .failed { color: var(--bad) }
.series, .limit { stroke: currentcolor } circle, text.name { fill: currentcolor }`

type Cell = string | { html: string } | { number: string }

/** A column of numbers is one whose first cell is. */
function table(heads: string[], rows: Cell[][]): string {
  const row = (tag: string, cells: Cell[]) => {
    const written = cells.map((cell, column) => {
      const isNumber = typeof rows[0]?.[column] === 'object' && 'number' in rows[0][column]
      const content = typeof cell === 'string' ? asText(cell) : 'html' in cell ? cell.html : asText(cell.number)
      return `<${tag}${isNumber ? ' class="number"' : ''}>${content}</${tag}>`
    })
    return `<tr>${written.join('')}</tr>`
  }
  const body = rows.map((cells) => row('td', cells)).join('\n')
  return `<div class="scroll"><table><thead>${row('th', heads)}</thead><tbody>${body}</tbody></table></div>`
}

function requestTable(requests: LinkedRequest[]): string {
  const rows = requests.map(({ at, route, status, failed, ms, link, trace }) => [
    at.slice(11, 19),
    route,
    failed ?? String(status),
    { number: duration(ms) },
    {
      html: link ? `<a href="${asText(link)}">${trace.slice(0, 8)}</a>` : `<span class="dim">${trace}, not kept</span>`,
    },
  ])
  return table(['At (UTC)', 'Request', 'Answer', 'Took', 'Trace'], rows)
}

/** Those of each slot of the run, by group and together. */
function charts({ slots }: Report): { title: string; chart: Chart }[] {
  const groups = promises.map(({ group }) => group)
  const perSecond = (of: 'requests' | 'failed') =>
    slots.each.map((slot) => groups.reduce((sum, group) => sum + slot[group][of], 0) / slots.seconds)
  return [
    {
      title: 'Requests a second',
      chart: {
        seconds: slots.seconds,
        unit: (value) => String(Number(value.toPrecision(3))),
        series: [
          { name: 'all', className: 's0', values: perSecond('requests') },
          { name: 'failed', className: 'failed', values: perSecond('failed') },
        ],
      },
    },
    {
      title: `How long they take: ${nameOf(promises[0]!.percentile)}; dashed: what is promised`,
      chart: {
        seconds: slots.seconds,
        unit: duration,
        logarithmic: true,
        series: promises.map(({ group, limitMs }, index) => ({
          name: group,
          className: `s${index}`,
          values: slots.each.map((slot) => (slot[group].ms > 0 ? slot[group].ms : undefined)),
          limit: limitMs,
        })),
      },
    },
  ]
}

/** A run as a page that needs no other file and no network. */
export function html(report: Report): string {
  const { profile, gateway, startedAt, passed, breaks, routes, slowest, failures } = report
  const word = (ok: boolean, text: string) => `<b class="${ok ? 'good' : 'bad'}">${text}</b>`
  const failed = failuresOf(report)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${profile} ${passed ? 'passed' : 'failed'}</title><style>${style}</style></head><body>
<h1>${profile}: ${word(passed, passed ? 'passed' : 'failed')}</h1>
<p class="dim">${asText(gateway)}, ${asText(startedAt?.replace(/T(.*)\..*/, ' $1 UTC') ?? '')}</p>
${breaks ? `<p>${asText(breakText(breaks))}</p>` : ''}
<h2>Verdict</h2>
${table(
  ['', 'Of', 'Measured'],
  findings(report).map(({ name, passed, text }) => [
    { html: passed === undefined ? '' : word(passed, passed ? 'pass' : 'FAIL') },
    name,
    text,
  ]),
)}
${charts(report)
  .map(({ title, chart }) => `<h2>${asText(title)}</h2>\n<div class="scroll">${drawChart(chart)}</div>`)
  .join('\n')}
<h2>Routes</h2>
${table(
  ['Route', 'Requests', 'Median', 'p95', 'p99', 'Slowest'],
  routes
    .filter(({ requests }) => requests > 0)
    .map(({ name, requests, median, p95, p99, max }) => [
      name,
      ...[requests.toLocaleString('en'), ...[median, p95, p99, max].map(duration)].map((number) => ({ number })),
    ]),
)}
<h2>Slowest requests</h2>
${requestTable(slowest)}
${failed > 0 ? `<h2>Failed requests</h2>\n<p>${failed.toLocaleString('en')} in all${failures.length < failed ? `, of which ${failures.length} are here` : ''}.</p>\n${requestTable(failures)}` : ''}
</body></html>
`
}
