import { filterOfAddress } from '../filters/evidenceFilter.js'
import { useAddress } from '../filters/useAddress.js'
import { FilterBar } from '../filters/FilterBar.js'
import { useAbout } from '../filters/useAbout.js'
import { Page } from '../shell/Page.js'
import { SubjectChoice } from './SubjectChoice.js'
import { SynthesisView } from './SynthesisView.js'

/** The effects that the address selects, pooled as it says. */
export function SynthesisPage() {
  const { address, set } = useAddress()
  const about = useAbout(address)
  const name = ['outcome', 'condition', 'form'].flatMap((parameter) => address.get(parameter) ?? []).join('-')
  return (
    <Page
      title={about === '' ? 'Synthesis' : `Together: ${about}`}
      lead="What the studies say together. The prediction interval tells where a further study would lie; warnings tell what stands against the number."
    >
      <SubjectChoice address={address} onChange={set} />
      {name === '' ? null : (
        <>
          <FilterBar />
          <SynthesisView filter={filterOfAddress(address)} name={name} />
        </>
      )}
    </Page>
  )
}
