import { after, before, describe, test } from 'node:test'
import { flagsInCluster } from '@hello/cluster/kubectl-flags'
import { incidentLabs } from '@hello/labs/all-labs'
import { signalsInCluster } from '@hello/labs/cluster-signals'
import { killsProcess } from '@hello/labs/lab'
import { ownNames } from '@hello/monitoring/names'
import { panelQueries } from '@hello/monitoring/panel-queries'
import { solveLab } from '../labs/solve.ts'
import { answersAsSaid, hasData } from '../panels/answers.ts'
import { runbookQueries } from '../panels/document-queries.ts'
import { outageStates, stateOf } from '../panels/filled-by.ts'
import { testOutage } from '../panels/outage.ts'
import { startVisitors } from '../panels/visitors.ts'
import { alertmanager, context, frontend, gateway, jaeger, kubectl, limit, loki, prometheus } from './shop-cluster.ts'

const backends = { prometheus, loki, jaeger }

/** One for each thing that can be handed in; LAB=every tries all that a cluster has, and labs alone: their pages go on for a while. */
const { LAB = 'slow-stock,the-talkative-service,who-takes-them-all' } = process.env
const tried = incidentLabs.filter((lab) => !killsProcess(lab) && (LAB === 'every' || LAB.split(',').includes(lab.name)))

/** More than a scrape. */
const wellFor = 20_000

describe('labs', () => {
  const shop = {
    frontend,
    shelves: { product: `${gateway}/api`, inventory: `${gateway}/api` },
    faults: flagsInCluster(context),
    signals: signalsInCluster(backends),
  }
  for (const lab of tried) test(`${lab.number}, ${lab.name}`, () => solveLab(lab, shop, wellFor))
})

describe('a product service that is gone', { skip: process.env.LAB ? 'LAB asks for labs alone' : false }, () => {
  let visitors: Awaited<ReturnType<typeof startVisitors>>
  let replicas: string
  before(async () => {
    replicas = await kubectl('get', 'deployment/product', '--output', 'jsonpath={.spec.replicas}')
    visitors = await startVisitors(gateway)
  })
  after(async () => {
    await visitors.stop()
    await kubectl('scale', 'deployment/product', `--replicas=${replicas}`)
    await kubectl('rollout', 'status', 'deployment/product', `--timeout=${limit}`)
  })
  const endProduct = () => kubectl('scale', 'deployment/product', '--replicas=0')
  testOutage(() => ({ alertmanager, endProduct }))

  describe('fills', { concurrency: true }, () => {
    for (const query of panelQueries(ownNames).filter(({ filledBy }) => outageStates.has(filledBy)))
      test(`${query.dashboard}: ${query.panel}, query ${query.refId}`, () => hasData(query, backends))
    for (const query of runbookQueries().filter((one) => outageStates.has(stateOf(one))))
      test(`${query.page}: ${query.query}`, () => answersAsSaid(query, backends))
  })
})
