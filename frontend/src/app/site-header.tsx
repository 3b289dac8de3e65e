import { useLanguage } from '../shared/language.tsx'
import { SegmentedControl } from '../shared/segmented-control.tsx'
import { themes, useTheme } from '../shared/theme.ts'

export function SiteHeader() {
  const { t, language, setLanguage } = useLanguage()
  const [theme, setTheme] = useTheme()
  return (
    <header className="site-header">
      <p className="brand">
        <img src="/icon.svg" alt="" width="32" height="32" />
        Hello Observability
      </p>
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
