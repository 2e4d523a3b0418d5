import { useSearchParams } from 'react-router'
import { filterOfAddress, withParameter } from '../filters/evidenceFilter.js'
import { FilterBar } from '../filters/FilterBar.js'
import { useAbout } from '../filters/useAbout.js'
import { Page } from '../shell/Page.js'
import { SubjectChoice } from './SubjectChoice.js'
import { SynthesisView } from './SynthesisView.js'

/** The effects that the address selects, pooled as it says. */
export function SynthesisPage() {
  const [address, setAddress] = useSearchParams()
  const about = useAbout(address)
  const name = ['outcome', 'condition', 'form'].flatMap((parameter) => address.get(parameter) ?? []).join('-')
  return (
    <Page
      title={about === '' ? 'Synthesis' : `Together: ${about}`}
      lead="What the studies say together. The prediction interval tells where a further study would lie; warnings tell what stands against the number."
    >
      <SubjectChoice address={address} onChange={(parameter, value) => setAddress(withParameter(address, parameter, value), { replace: true })} />
      {name === '' ? null : (
        <>
          <FilterBar />
          <SynthesisView filter={filterOfAddress(address)} name={name} />
        </>
      )}
    </Page>
  )
}
