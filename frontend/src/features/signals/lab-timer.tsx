import type { Lab } from '@hello/shop/api/lab'
import { useEffect, useState } from 'react'
import { useLabMessages } from './use-lab-messages.ts'

/** As minutes and seconds. @param milliseconds below 0 is shown as 0 */
export function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** How long it is until the shop breaks, or since it did. */
export function LabTimer({ lab: { well, brokenAt } }: { lab: Lab }) {
  const { t } = useLabMessages()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(ticking)
  }, [])
  return (
    <span role="timer">
      {well ? t.untilBroken : t.sinceBroken} {minutesAndSeconds(well ? brokenAt - now : now - brokenAt)}
    </span>
  )
}
