import { useMutation, useQuery } from '@tanstack/react-query'
import { appConfigOptions } from '../../shared/app-config.ts'
import { useLanguage } from '../../shared/language.tsx'
import { SignInLink } from '../../shared/sign-in-link.tsx'
import { signOut } from './sign-out.ts'
import './account.css'

/** Who has signed in, where customers do. */
export function Account() {
  const { t } = useLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const leave = useMutation({ mutationFn: signOut, onSuccess: (url) => window.location.assign(url) })
  if (!config?.signIn) return null
  if (config.customer === null) return <SignInLink />
  return (
    <p className="account">
      <span className="visually-hidden">{t.account.signedInAs}</span>
      <strong>{config.customer}</strong>
      <button type="button" className="link-button" aria-disabled={leave.isPending} onClick={() => leave.mutate()}>
        {leave.isError ? t.account.signOutAgain : t.account.signOut}
      </button>
    </p>
  )
}
