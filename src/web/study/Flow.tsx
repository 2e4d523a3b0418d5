import { counted, plainWord } from '../words.js'
import type { Study } from './StudyPage.js'

/** From those who were allocated to those who were analysed, arm by arm; a number that no source gave is said to be missing. */
export function Flow({ study: { arms, participantsRandomized, participantsAnalysed, design } }: { readonly study: Study }) {
  const verb = design.startsWith('RCT') ? 'randomised' : 'allocated'
  return (
    <div className="flow">
      <div className="box start">
        <strong>{people(participantsRandomized, verb)}</strong>
        {participantsAnalysed !== null && <div className="small muted">{people(participantsAnalysed, 'analysed')}</div>}
      </div>
      <ul className="arms">
        {arms.map(({ slug, label, role, randomized, analysed }) => (
          <li key={slug} className="box">
            <strong>{label}</strong>
            <div className="small muted">{plainWord(role)}</div>
            {randomized === null && analysed === null ? (
              <div className="small muted">no numbers stored</div>
            ) : (
              <>
                <div>{people(randomized, verb)}</div>
                <div>{people(analysed, 'analysed')}</div>
              </>
            )}
            {randomized !== null && analysed !== null && randomized > analysed && (
              <div className="small">{counted(randomized - analysed, 'person', 'people')} not analysed</div>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

const people = (count: number | null, verb: string) => (count === null ? `number ${verb} not stored` : `${count.toLocaleString('en-GB')} ${verb}`)
