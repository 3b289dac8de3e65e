import { incidentLabs } from '@hello/labs/all-labs'
import { openSession } from '@hello/labs/session'
import type { Lab } from '@hello/shop/api/lab'
import type { Page } from 'playwright-core'

type Stage = 'well' | 'wrong' | 'solved'

/** The second lab as its program tells of it: before it breaks, after a hint and a wrong answer, or solved. */
async function labAt(stage: Stage): Promise<Lab> {
  const attempt = { lab: incidentLabs[1]!, made: { hints: 0, wrong: 0 }, save: () => {} }
  const session = openSession(attempt, { hidden: false, wellFor: 30_000, next: incidentLabs[2] })
  if (stage === 'well') return session.shown()
  const now = Date.now()
  session.begin({
    periods: () => ({
      healthy: { from: now - 155_000, to: now - 125_000 },
      incident: { from: now - 125_000, to: now },
    }),
    grade: async ({ component }) =>
      component === 'order'
        ? { component: true, mechanism: true, evidence: true }
        : {
            ...{ component: false, mechanism: true, evidence: false },
            why: { en: 'That is from before the incident.', ko: '사고가 나기 전의 것입니다.' },
          },
    end: async () => {},
  })
  session.hint()
  session.hint()
  await session.answer({ component: 'gateway', mechanism: 'errors', evidence: 'ab'.repeat(16) })
  if (stage === 'solved') await session.answer({ component: 'order', mechanism: 'errors', evidence: 'cd'.repeat(16) })
  return session.shown()
}

/** Opens the Lab view of a shop in which, until `page.unrouteAll()`, a lab seems to be under way. */
export async function openLab(page: Page, { shop }: { shop: string }, stage: Stage) {
  const lab = await labAt(stage)
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ json: { ...(await answer.json()), lab: true } })
  })
  await page.route('**/lab/api/lab', (route) => route.fulfill({ json: { lab } }))
  await page.goto(`${shop}/signals/lab`)
  await page.locator('.lab').waitFor()
  if (stage !== 'well') await page.locator('.lab .runbook').first().waitFor()
}
