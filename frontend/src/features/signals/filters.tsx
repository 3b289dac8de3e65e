import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useSearchParams } from 'react-router'
import { listServices } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** Filters that live in the page's address, so that a filtered list can be linked to. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const [search, setSearch] = useSearchParams()
  const values = Object.fromEntries(names.map((name) => [name, search.get(name)])) as Record<Name, string | null>
  const change = (changes: Partial<Record<Name, string>>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries<string | undefined>(changes)) {
          if (value) next.set(name, value)
          else next.delete(name)
        }
        return next
      },
      { replace: true },
    )
  const set = (name: Name, value: string) => change({ [name]: value } as Partial<Record<Name, string>>)
  const active = names.some((name) => values[name])
  return { values, set, change, active, clear: () => setSearch({}, { replace: true }) }
}

/** Services and their routes, as far as signals name them. */
export const useServices = () => useQuery({ ...listServices(), refetchInterval: 10_000 }).data ?? []

type FieldProps = { label: string; value: string | null; onChange: (value: string) => void; className?: string }

export function SelectField({
  label,
  value,
  onChange,
  className = '',
  children,
}: FieldProps & { children: ReactNode }) {
  const id = useId()
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </div>
  )
}

export function TextField({ label, value, onChange, type = 'search' }: FieldProps & { type?: 'search' | 'number' }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        min={0}
        autoComplete="off"
        spellCheck={false}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

export function ServiceField({ value, onChange }: Omit<FieldProps, 'label'>) {
  const { t } = useSignalsLanguage()
  return (
    <SelectField label={t.service} value={value} onChange={onChange}>
      <option value="">{t.anyService}</option>
      {useServices().map(({ service }) => (
        <option key={service}>{service}</option>
      ))}
    </SelectField>
  )
}
