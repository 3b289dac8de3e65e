import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { LanguageProvider, useLanguage } from '../shared/language.tsx'
import { createQueryClient } from './query-client.ts'
import { ShopPage } from './shop-page.tsx'
import { SiteHeader } from './site-header.tsx'
import '../shared/tokens.css'
import '../shared/elements.css'
import './layout.css'

export function App() {
  const [queryClient] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <SkipLink />
        <SiteHeader />
        <ShopPage />
      </LanguageProvider>
    </QueryClientProvider>
  )
}

function SkipLink() {
  const { t } = useLanguage()
  return (
    <a className="skip-link" href="#catalog">
      {t.page.skip}
    </a>
  )
}
