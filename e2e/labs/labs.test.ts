import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { incidentLabs } from '@hello/labs/all-labs'
import { type Answer, components, mechanisms } from '@hello/labs/answers'
import { findEvidence, gradeAnswer, isRight } from '@hello/labs/grade'
import type { IncidentLab } from '@hello/labs/lab'
import { type LabRun, startLab } from '@hello/labs/lab-run'
import { pickLab } from '@hello/labs/random-lab'
import { type Signals, signalsOf } from '@hello/labs/signals'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'

/** LAB=slow-stock tries one. */
const tried = incidentLabs.filter(({ name }) => !process.env.LAB || process.env.LAB.split(',').includes(name))

/** Enough for each customer to come by more than once. */
const wellFor = 4000

/** Answers as somebody does who knows where to look, and has only the telemetry to look at. */
async function answerOfAnExpert({ cause, evidence }: IncidentLab, run: LabRun, signals: Signals): Promise<Answer> {
  const found = await eventually(async () => {
    const one = await findEvidence(evidence, signals, run.periods().incident)
    assert.notEqual(one, undefined, 'there is no evidence yet')
    return one!
  })
  return { component: cause.components[0]!, mechanism: cause.mechanisms[0]!, evidence: found }
}

/** What looks like evidence and is from when the shop was well. */
async function healthyEvidence({ evidence }: IncidentLab, run: LabRun, signals: Signals): Promise<string> {
  const { healthy } = run.periods()
  if (evidence.kind === 'log') return (await signals.logs({ limit: 1 }, healthy))[0]!.msg
  return (await signals.traces({ limit: 1 }, healthy))[0]!.traceId
}

const otherThan = <Key extends string>(list: Record<Key, unknown>, right: readonly Key[]) =>
  (Object.keys(list) as Key[]).find((one) => !right.includes(one))!

describe('every incident', () => {
  let shop: Shop
  let signals: Signals
  before(async () => {
    shop = await startShop({ signals: true, durable: false })
    await shop.ready()
    signals = signalsOf(shop.urls.frontend)
  })
  after(() => shop.stop())

  for (const lab of tried)
    test(lab.name, async () => {
      const { frontend } = shop.urls
      const run = await startLab(lab, { frontend, faults: shop.faults }, { wellFor })
      try {
        const right = await answerOfAnExpert(lab, run, signals)
        assert.deepEqual(await run.grade(right), { component: true, mechanism: true, evidence: true })

        const { cause, evidence } = lab
        const refused = async (answer: Answer, part: 'component' | 'mechanism' | 'evidence') => {
          const { [part]: accepted, ...others } = await run.grade(answer)
          assert.equal(accepted, false, `${part} of ${JSON.stringify(answer)}`)
          return others
        }
        await refused({ ...right, component: otherThan(components, cause.components) }, 'component')
        await refused({ ...right, mechanism: otherThan(mechanisms, cause.mechanisms) }, 'mechanism')
        await refused({ component: '', mechanism: '', evidence: '' }, 'component')
        await refused({ ...right, evidence: await healthyEvidence(lab, run, signals) }, 'evidence')
        if (evidence.kind !== 'none') await refused({ ...right, evidence: '' }, 'evidence')

        const { healthy } = run.periods()
        const notInjected = await gradeAnswer(lab, right, signals, { healthy, incident: healthy })
        const injects = !('fault' in lab.incident && lab.incident.fault === 'none')
        assert.equal(isRight(notInjected), !injects, 'a right answer where nothing was broken')
      } finally {
        await run.end()
      }
    })
})

test('ten seeds give labs that are there, each time the same', () => {
  const picked = Array.from({ length: 10 }, (_, seed) => pickLab(incidentLabs, String(seed)))
  assert.deepEqual(
    picked,
    Array.from({ length: 10 }, (_, seed) => pickLab(incidentLabs, String(seed))),
  )
  assert.ok(new Set(picked).size > 3)
})
