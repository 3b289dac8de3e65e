import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { LanguageProvider, useLanguage } from '../shared/language.tsx'
import { Region } from '../shared/region.tsx'
import { onSignalsPage } from './current-page.ts'
import { createQueryClient } from './query-client.ts'
import { ShopPage } from './shop-page.tsx'
import { SiteHeader } from './site-header.tsx'
import '../shared/tokens.css'
import '../shared/elements.css'
import '../shared/notice.css'
import '../shared/dialog.css'
import './layout.css'

const SignalsPage = lazy(() => import('../features/signals/signals-page.tsx'))

export function App() {
  const [queryClient] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <SkipLink />
        <SiteHeader />
        {onSignalsPage ? (
          <Region>
            <Suspense>
              <SignalsPage />
            </Suspense>
          </Region>
        ) : (
          <ShopPage />
        )}
      </LanguageProvider>
    </QueryClientProvider>
  )
}

function SkipLink() {
  const { t } = useLanguage()
  return (
    <a className="skip-link" href={onSignalsPage ? '#signals' : '#catalog'}>
      {t.page[onSignalsPage ? 'skipToSignals' : 'skip']}
    </a>
  )
}
