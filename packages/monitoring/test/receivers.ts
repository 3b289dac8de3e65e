import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAlertmanager } from '@hello/test-support/alertmanager-process'
import { stringify } from 'yaml'
import { alertmanagerConfiguration } from '../src/alertmanager.ts'
import { ownNames } from '../src/names.ts'
import type { Language } from '../src/notification-words.ts'
import { catchMail, catchPosts } from './catchers.ts'
import type { FiredAlert } from './fired.ts'

/** Short, so that a test need not wait; longer than it takes Alertmanager to know of several alerts which explains which, also on a busy machine. */
const times = {
  groupWait: '2s',
  groupInterval: '500ms',
  repeat: { pages: '4h', tickets: '4h', heartbeat: '1s' },
}

const account = { username: 'alerts@example.com', password: 'pa$$word-of-the-mail' }

/** Alertmanager as it is configured without an operator, with every receiver, and what arrives at each. */
export async function runReceivers(language: Language) {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  const { posted, address, close: closePosts } = await catchPosts()
  const { mail, smarthost, close: closeMail } = await catchMail(account)
  const secrets: string[] = []
  const fileWith = (name: string, secret: string, before = '') => {
    secrets.push(secret)
    writeFileSync(join(folder, name), `${before}${secret}\n`)
    return join(folder, name)
  }
  const hook = (name: string) => fileWith(name, `T0KEN-of-${name}`, `${address}/${name}/`)
  const configuration = alertmanagerConfiguration(
    ownNames,
    {
      language,
      pages: { slackUrlFile: hook('slack-pages'), emailTo: 'oncall@example.com', webhookUrlFile: hook('hook-pages') },
      tickets: {
        slackUrlFile: hook('slack-tickets'),
        emailTo: 'team@example.com, lead@example.com',
        webhookUrlFile: hook('hook-tickets'),
      },
      heartbeatUrlFile: hook('heartbeat'),
      mail: {
        smarthost,
        from: 'Shop <shop@example.com>',
        account: { username: account.username, passwordFile: fileWith('password', account.password) },
        requireTls: false,
      },
    },
    times,
  )
  const alertmanager = await runAlertmanager(configuration)
  const call = async (path: string, body?: unknown) => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(`${alertmanager.address}/api/v2/${path}`, body ? post : {})
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const text = await response.text()
    return text && JSON.parse(text)
  }
  return {
    rendered: stringify(configuration),
    secrets,
    said: alertmanager.said,
    mail,
    /** What came at a receiver, oldest first. */
    at: (receiver: string) => posted.filter(({ path }) => path.startsWith(`/${receiver}/`)).map(({ body }) => body),
    call,
    fire: (alerts: FiredAlert[], startsAt: Date) =>
      call(
        'alerts',
        alerts.map((alert) => ({ ...alert, startsAt })),
      ),
    resolve: (alerts: FiredAlert[], startsAt: Date, endsAt: Date) =>
      call(
        'alerts',
        alerts.map((alert) => ({ ...alert, startsAt, endsAt })),
      ),
    async end() {
      await alertmanager.end()
      await Promise.all([closePosts(), closeMail()])
      rmSync(folder, { recursive: true })
    },
  }
}
