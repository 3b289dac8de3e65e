import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertmanagerConfiguration, type Receivers } from '../src/alertmanager.ts'
import { type Names, ownNames } from '../src/names.ts'
import { asTheOperator, type SecretKey } from './as-the-operator.ts'
import { noHelm, renderRoutes } from './rendered-routes.ts'

const fileOf = ({ name, key }: SecretKey) => `/secrets/${name}/${key}`
const file = (key: string) => fileOf({ name: 'alerts', key })
const { namespace: _, ...others } = ownNames

/** How the chart may be installed, and what is then to be told to whom where there is no operator. */
const cases: Record<string, { values: object; names: Names; receivers: Receivers }> = {
  'with nothing set': {
    values: {},
    names: ownNames,
    receivers: { language: 'en', pages: {}, tickets: {} },
  },
  'with every receiver, other names and Korean texts': {
    values: {
      shopNamespace: 'store',
      rules: { team: 'sales', severities: { critical: 'page', warning: 'ticket', info: 'note' } },
      alertmanager: {
        stackNamespaces: ['metrics'],
        language: 'ko',
        slack: { secret: 'alerts', keys: { pages: 'slack-oncall', tickets: 'slack-team' } },
        email: {
          smarthost: 'smtp.example.com:587',
          from: 'Shop <alerts@example.com>',
          to: { pages: 'a@example.com, b@example.com', tickets: 'team@example.com' },
          username: 'alerts@example.com',
          secret: 'alerts',
        },
        webhook: { secret: 'alerts' },
        heartbeat: { secret: 'alerts' },
      },
    },
    names: {
      ...others,
      namespace: 'store',
      routedNamespaces: ['store', 'metrics'],
      team: 'sales',
      severities: { critical: 'page', warning: 'ticket', info: 'note' },
    },
    receivers: {
      language: 'ko',
      pages: {
        slackUrlFile: file('slack-oncall'),
        emailTo: 'a@example.com, b@example.com',
        webhookUrlFile: file('webhook'),
      },
      tickets: { slackUrlFile: file('slack-team'), emailTo: 'team@example.com', webhookUrlFile: file('webhook') },
      heartbeatUrlFile: file('heartbeat'),
      mail: {
        smarthost: 'smtp.example.com:587',
        from: 'Shop <alerts@example.com>',
        account: { username: 'alerts@example.com', passwordFile: file('smtp-password') },
        requireTls: true,
      },
    },
  },
  'with a ticket by mail and nothing else, without an account': {
    values: {
      alertmanager: {
        email: { smarthost: 'mail:25', from: 'a@b.example', to: { tickets: 'c@d.example' }, requireTls: false },
      },
    },
    names: ownNames,
    receivers: {
      language: 'en',
      pages: {},
      tickets: { emailTo: 'c@d.example' },
      mail: { smarthost: 'mail:25', from: 'a@b.example', requireTls: false },
    },
  },
}

describe('what the operator makes of the chart', { skip: noHelm }, () => {
  for (const [how, { values, names, receivers }] of Object.entries(cases))
    test(`${how}, is what Alertmanager is told without an operator`, () => {
      const [object] = renderRoutes('monitoring', values)
      const { route, ...made } = asTheOperator(object, 'None', fileOf)
      const own = JSON.parse(JSON.stringify({ route, ...made }).replaceAll('monitoring/shop/', ''))
      const native = alertmanagerConfiguration(names, receivers)
      assert.deepEqual(own.receivers, native.receivers)
      assert.deepEqual(own.inhibit_rules, native.inhibit_rules)
      const { continue: goesOn, ...ours } = own.route
      assert.equal(goesOn, true)
      assert.deepEqual({ receiver: 'shown', routes: [ours] }, native.route)
    })

  test('no value of a Secret can be told to the chart, only where it is', () => {
    const [{ spec }] = renderRoutes('monitoring', cases['with every receiver, other names and Korean texts']!.values)
    const addresses = JSON.stringify(spec).match(/"(url|apiURL|authPassword|authSecret|urlSecret)":("|\{)/g)
    assert.deepEqual([...new Set(addresses)].toSorted(), ['"apiURL":{', '"authPassword":{', '"urlSecret":{'])
  })
})
