import { useQuery } from '@tanstack/react-query'
import { Account } from '../features/account/account.tsx'
import { appConfigOptions } from '../shared/app-config.ts'
import { useLanguage } from '../shared/language.tsx'
import { SegmentedControl } from '../shared/segmented-control.tsx'
import { themes, useTheme } from '../shared/theme.ts'
import { onSignalsPage } from './current-page.ts'

export function SiteHeader() {
  const { t, language, setLanguage } = useLanguage()
  const [theme, setTheme] = useTheme()
  return (
    <header className="site-header">
      <p className="brand">
        <img src="/icon.svg" alt="" width="32" height="32" />
        Hello Observability
      </p>
      <ToolLinks />
      <Account />
      <div className="site-settings">
        <SegmentedControl
          legend={t.page.language}
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'en', label: 'English', lang: 'en' },
            { value: 'ko', label: '한국어', lang: 'ko' },
          ]}
        />
        <SegmentedControl
          legend={t.page.theme}
          value={theme}
          onChange={setTheme}
          options={themes.map((value) => ({ value, label: t.page.themes[value] }))}
        />
      </div>
    </header>
  )
}

/** The tools that this installation has, to look at what the shop did. */
function ToolLinks() {
  const { t } = useLanguage()
  const { data: config } = useQuery(appConfigOptions)
  // What the page has also where the signals are elsewhere; the one leads to the other.
  const apart = (['alerts', 'faults'] as const).find((view) => config?.[view])
  const tools = [
    ...(config?.signals
      ? [
          { name: t.page.shop, url: '/', current: !onSignalsPage },
          { name: t.page.signals, url: '/signals', current: onSignalsPage },
        ]
      : apart
        ? [
            { name: t.page.shop, url: '/', current: !onSignalsPage },
            { name: t.page[apart], url: `/signals/${apart}`, current: onSignalsPage },
          ]
        : []),
    { name: 'Grafana', url: config?.grafanaUrl, current: false },
    { name: 'Jaeger', url: config?.jaegerUrl, current: false },
  ].filter(({ url }) => url)
  if (tools.length === 0) return null
  return (
    <nav aria-label={t.page.tools} className="tool-links">
      {tools.map(({ name, url, current }) => (
        <a key={name} href={url!} aria-current={current ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}
