import type { JudgedSpan } from '@hello/signals-api/span'
import { useState } from 'react'

/** The ids of the spans whose rows below are folded away. */
export function useCollapsed() {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  return {
    collapsed,
    collapse: (spanId: string, fold: boolean) => {
      const others = [...collapsed].filter((id) => id !== spanId)
      setCollapsed(new Set(fold ? [...others, spanId] : others))
    },
    collapseAll: (spans: JudgedSpan[]) => setCollapsed(new Set(spans.map(({ spanId }) => spanId))),
    expandAll: () => setCollapsed(new Set()),
  }
}
