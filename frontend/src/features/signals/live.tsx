import { createContext, type ReactNode, use, useState } from 'react'
import { useSignalsLanguage } from './use-signals-language.ts'

const REFRESH_MS = 2_000

type LiveValue = {
  live: boolean
  setLive: (live: boolean) => void
  /** TanStack Query's `refetchInterval`: as often as the shop is scraped, or never while paused. */
  refetchInterval: number | false
}
const LiveContext = createContext<LiveValue | null>(null)

export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState(true)
  return <LiveContext value={{ live, setLive, refetchInterval: live && REFRESH_MS }}>{children}</LiveContext>
}

export function useLive(): LiveValue {
  const value = use(LiveContext)
  if (!value) throw new Error('useLive needs a LiveProvider above it')
  return value
}

/** Stops and resumes every refresh on the page, so that what moves can be read. */
export function LiveButton() {
  const { t } = useSignalsLanguage()
  const { live, setLive } = useLive()
  return (
    <button type="button" className="live-button" data-live={live} onClick={() => setLive(!live)}>
      <span className="live-dot" aria-hidden="true" />
      <span>{live ? t.live : t.pause}</span>
      <span className="live-action">{live ? t.pause : t.resume}</span>
    </button>
  )
}
