import type { Lab } from '@hello/shop/api/lab'

export const text = (en: string) => ({ en, ko: `${en}(한)` })

/** A lab under way, broken a minute ago. */
export const lab: Lab = {
  name: { number: 2, title: text('Some orders fail') },
  situation: text('Every third order is answered with an `error`.'),
  question: text('Which service fails?'),
  components: [
    { name: 'order', text: text('the order service') },
    { name: 'gateway', text: text('the gateway') },
  ],
  mechanisms: [{ name: 'errors', text: text('it answers errors') }],
  evidence: { kind: 'trace', asks: text('the id of a trace') },
  well: false,
  wellSince: Date.now() - 90_000,
  brokenAt: Date.now() - 60_000,
  hints: [],
  moreHints: true,
  costs: { hint: 15, wrong: 10 },
  points: 100,
  grade: null,
  end: null,
}

/** The same when it is solved. */
export const solved: Lab = {
  ...lab,
  points: 75,
  end: { solved: true, at: lab.brokenAt + 245_000, solution: text('Filter by *status*.'), next: 3 },
}
