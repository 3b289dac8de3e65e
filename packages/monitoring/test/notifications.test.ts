import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { noAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import type { Language } from '../src/notification-words.ts'
import { listed } from '../src/notifications.ts'
import { type FiredAlert, fired } from './fired.ts'
import { runReceivers } from './receivers.ts'

const minute = 60_000
const startedAt = new Date(Date.now() - 10 * minute)
const endedAt = new Date(Date.now() - 2 * minute)
const shown = (time: Date) => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`

const words = {
  en: {
    firing: (count: number) => `${count} firing`,
    resolved: (count: number) => `${count} resolved`,
    since: `since ${shown(startedAt)}`,
    lasted: `resolved, from ${shown(startedAt)} to ${shown(endedAt)}`,
    links: { dashboard: 'Dashboard', logs: 'Logs', runbook: 'Runbook', silence: 'Silence' },
    more: 'These are the first 10; all are in Alertmanager',
  },
  ko: {
    firing: (count: number) => `발생 ${count}건`,
    resolved: (count: number) => `해소 ${count}건`,
    since: `${shown(startedAt)}부터`,
    lasted: `해소됨, ${shown(startedAt)} ~ ${shown(endedAt)}`,
    links: { dashboard: '대시보드', logs: '로그', runbook: '런북', silence: '사일런스' },
    more: '처음 10건만 표시합니다. 전체는 Alertmanager에 있습니다',
  },
}

const silenceUrl = (alertname: string, severity: string) =>
  `http://alertmanager.example.com/#/silences/new?filter=${encodeURIComponent(
    `{alertname="${alertname}", namespace="shop", severity="${severity}"}`,
  )}`

const down = fired('ShopServiceDown', { app: 'product' })
const breakers = ['gateway', 'order'].map((app) => fired('ShopBreakerOpen', { app, server_address: 'inventory' }))

/** Of the rules that come with kube-prometheus-stack, with all that Slack and HTML take for markup. */
const crashing: FiredAlert = {
  labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', severity: 'warning', pod: 'order-1' },
  annotations: {
    description: 'Pod shop/order-1 (<order> & "co") is in waiting state.',
    summary: 'Pod is crash looping.',
    runbook_url: 'https://runbooks.example.com/crash?a=1&b=2',
  },
}

for (const language of ['en', 'ko'] satisfies Language[])
  describe(`notifications, ${language}`, { skip: noAlertmanager }, () => {
    const { firing, resolved, since, lasted, links, more } = words[language]
    let receivers: Awaited<ReturnType<typeof runReceivers>>
    before(async () => {
      receivers = await runReceivers(language)
    })
    after(() => receivers.end())

    const slack = (receiver: string, title: string) =>
      eventually(() => {
        const found = receivers.at(receiver).find(({ attachments }) => attachments[0].title === title)
        assert.ok(found, `${title} is not among ${JSON.stringify(receivers.at(receiver))}`)
        return found.attachments[0]
      })
    const mailed = (subject: string) =>
      eventually(() => {
        const found = receivers.mail.find(({ email }) => email.subject === subject)
        assert.ok(found, `${subject} is not among ${receivers.mail.map(({ email }) => email.subject)}`)
        return found
      })
    /** An address between the marks of Slack, where three characters are written otherwise. */
    const link = (address: string, word: string) => `<${address.replaceAll('&', '&amp;')}|${word}>`
    const line = ({ annotations }: FiredAlert, when: string) =>
      `• ${annotations.description} (${when}) ${link(annotations.dashboard_url!, links.dashboard)} ${link(annotations.logs_url!, links.logs)}`
    const last = (runbook: string, alertname: string, severity: string) =>
      `${link(runbook, links.runbook)} ${link(silenceUrl(alertname, severity), links.silence)}`

    test('a page says in Slack what is wrong, since when, and where to look', async () => {
      await receivers.fire([down], startedAt)
      const title = `[critical] ShopServiceDown (shop): ${firing(1)}`
      const { text, color, fallback } = await slack('slack-pages', title)
      assert.equal(fallback, title)
      assert.equal(color, 'danger')
      assert.deepEqual(text.trim().split('\n'), [
        'No pod of a service answers.',
        line(down, since),
        last(down.annotations.runbook_url!, 'ShopServiceDown', 'critical'),
      ])
    })

    test('it says the same by mail, as text and as HTML', async () => {
      const { to, email } = await mailed(`[critical] ShopServiceDown (shop): ${firing(1)}`)
      assert.deepEqual(to, ['oncall@example.com'])
      assert.deepEqual(email.from, { name: 'Shop', address: 'shop@example.com' })
      const { description, dashboard_url, logs_url, runbook_url } = down.annotations
      assert.deepEqual(email.text?.trim().split('\n'), [
        'No pod of a service answers.',
        `- ${description} (${since})`,
        `  ${links.dashboard}: ${dashboard_url}`,
        `  ${links.logs}: ${logs_url}`,
        '',
        `${links.runbook}: ${runbook_url}`,
        `${links.silence}: ${silenceUrl('ShopServiceDown', 'critical')}`,
      ])
      const found = [...email.html!.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, address, word]) => [
        word,
        address!.replaceAll('&amp;', '&'),
      ])
      assert.deepEqual(found, [
        [links.dashboard, dashboard_url],
        [links.logs, logs_url],
        [links.runbook, runbook_url],
        [links.silence, silenceUrl('ShopServiceDown', 'critical')],
      ])
      assert.match(email.html!, new RegExp(`<html lang="${language}">`))
    })

    test('alerts of a kind come together, and what has ended is told beside what goes on', async () => {
      await receivers.fire(breakers, startedAt)
      const both = await slack('slack-tickets', `[warning] ShopBreakerOpen (shop): ${firing(2)}`)
      assert.deepEqual(
        both.text.trim().split('\n').slice(1, 3),
        breakers.map((one) => line(one, since)),
      )

      await receivers.resolve(breakers.slice(0, 1), startedAt, endedAt)
      const one = await slack('slack-tickets', `[warning] ShopBreakerOpen (shop): ${firing(1)}, ${resolved(1)}`)
      assert.equal(one.color, 'danger')
      assert.deepEqual(one.text.trim().split('\n'), [
        'A service turns calls of another one away at once.',
        line(breakers[1]!, since),
        line(breakers[0]!, lasted),
        last(breakers[0]!.annotations.runbook_url!, 'ShopBreakerOpen', 'warning'),
      ])

      await receivers.resolve(breakers.slice(1), startedAt, endedAt)
      const none = await slack('slack-tickets', `[warning] ShopBreakerOpen (shop): ${resolved(1)}`)
      assert.equal(none.color, 'good')
      await mailed(`[warning] ShopBreakerOpen (shop): ${resolved(1)}`)
    })

    test('nothing that an alert says is taken for markup', async () => {
      await receivers.fire([crashing], startedAt)
      const { text } = await slack('slack-tickets', `[warning] KubePodCrashLooping (shop): ${firing(1)}`)
      assert.deepEqual(text.trim().split('\n'), [
        'Pod is crash looping.',
        `• Pod shop/order-1 (&lt;order&gt; &amp; "co") is in waiting state. (${since})`,
        last(crashing.annotations.runbook_url!, 'KubePodCrashLooping', 'warning'),
      ])
      const { email } = await mailed(`[warning] KubePodCrashLooping (shop): ${firing(1)}`)
      assert.ok(email.html!.includes('(&lt;order&gt; &amp; &#34;co&#34;)'), email.html)
      assert.ok(email.text!.includes(crashing.annotations.description!), email.text)
    })

    test('of many it lists the first, and says so', async () => {
      const many = Array.from({ length: listed + 2 }, (_, pod) => ({
        ...crashing,
        labels: { ...crashing.labels, alertname: 'KubePodNotReady', pod: `order-${pod}` },
      }))
      await receivers.fire(many, startedAt)
      const { text } = await slack('slack-tickets', `[warning] KubePodNotReady (shop): ${firing(listed + 2)}`)
      const lines = text.trim().split('\n')
      assert.equal(lines.filter((one: string) => one.startsWith('•')).length, listed)
      assert.equal(lines.at(-2), `<http://alertmanager.example.com|${more}>`)
    })

    test('the link to a silence is about this group and no other alert', async () => {
      await receivers.fire([down, ...breakers, crashing], startedAt)
      const [, query] = silenceUrl('ShopBreakerOpen', 'warning').split('?filter=')
      const matchers = decodeURIComponent(query!).slice(1, -1).split(', ')
      const found: FiredAlert[] = await receivers.call(
        `alerts?${matchers.map((matcher) => `filter=${encodeURIComponent(matcher)}`).join('&')}`,
      )
      assert.deepEqual(found.map(({ labels }) => `${labels.alertname} ${labels.app}`).toSorted(), [
        'ShopBreakerOpen gateway',
        'ShopBreakerOpen order',
      ])
    })
  })
