import { Component, type ReactNode } from 'react'
import { useLanguage } from './language.tsx'
import { ProblemNotice } from './problem-notice.tsx'

type Props = { children: ReactNode; fallback: (error: Error, retry: () => void) => ReactNode }

class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    return error ? this.props.fallback(error, () => this.setState({ error: null })) : this.props.children
  }
}

/** A part of the page that may fail alone: the rest of the page goes on working. */
export function Region({ children }: { children: ReactNode }) {
  const { t } = useLanguage()
  return (
    <ErrorBoundary
      fallback={(error, retry) => (
        <ProblemNotice error={error} hint={t.region.broken}>
          <button type="button" onClick={retry}>
            {t.region.tryAgain}
          </button>
        </ProblemNotice>
      )}
    >
      {children}
    </ErrorBoundary>
  )
}
