import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { commandLine, examples, say, tell, withDatabase } from './cli.support.js'
import type { Database } from './database/client.js'
import { readTrials, type TrialOutcome } from './intake/clinicalTrials.import.js'
import { fetchPublications, type FetchOutcome } from './intake/fetch.import.js'
import { saveDrafts, type Proposals } from './intake/draft.queries.js'
import { fetchProposals, listed, trialProposals } from './intake/fetch.drafts.js'
import { changeLine, fetchLines, trialLines } from './intake/fetch.report.js'
import { openSources, type Sources } from './intake/fetch.sources.js'
import { reportText } from './intake/report.js'
import { changeProposal } from './intake/retractions.drafts.js'
import { checkRetractions, type NewChange } from './intake/retractions.js'
import { countPublicationsToCheck } from './intake/retractions.queries.js'
import { formatOf, referenceFormatNames, referenceFormats } from './references/formats.js'
import { StartupError } from './startupError.js'
import { loadVocabulary } from './vocabulary/vocabulary.queries.js'

interface Options {
  readonly dryRun?: true
  readonly json?: true
  readonly by?: string
  readonly condition?: string
}

const described = (command: Command) =>
  command
    .option('--dry-run', 'tell what would be kept, and keep nothing')
    .option('--by <name>', 'who imports, for the record')
    .option('--json', 'print the report as JSON')
    .showHelpAfterError('(--help tells the options)')

/** The command `import-trial`: studies registered at ClinicalTrials.gov, as draft studies. */
export function importTrialCommand(): Command {
  return described(new Command('import-trial'))
    .description('propose trials registered at ClinicalTrials.gov as draft studies (docs/fetching.md)')
    .argument('<trial...>', 'files of JSON as its API of version 2 gives it, or numbers such as NCT02466087')
    .option('--condition <slug>', 'the condition that the results are of, where a trial names several')
    .addHelpText('after', examples('import-trial NCT02466087', 'import-trial studies.json --dry-run --json', 'import-trial NCT02466087 --condition depression'))
    .action((trials: string[], options: Options) =>
      withSources(async (database, sources) => {
        const vocabulary = await loadVocabulary(database)
        const { condition: ref } = options
        const condition = ref === undefined ? undefined : vocabulary.conditions.find(ref)
        if (ref !== undefined && condition === undefined)
          throw new StartupError(`--condition must be the slug, code or name of a known condition, got "${ref}"`)
        const today = new Date().toISOString().slice(0, 10)
        const outcomes: TrialOutcome[] = []
        const given = { database, vocabulary, sources, today, ...(condition !== undefined && { condition: condition.slug }) }
        for await (const outcome of readTrials(trials, given)) {
          outcomes.push(outcome)
          if (options.json !== true) trialLines(outcome).forEach(say)
        }
        const leftOut = outcomes.flatMap((outcome) => (outcome.kind === 'MAPPED' ? [{ trial: outcome.trial.nctId, what: outcome.trial.leftOut }] : []))
        await keep(database, listed(outcomes.flatMap(trialProposals)), options, { leftOut })
      }),
    )
}

/** The command `fetch`: publications by their identifiers. */
export function fetchCommand(): Command {
  return described(new Command('fetch'))
    .description('propose publications as PubMed, Europe PMC and Crossref have them between them, with what their notices tell (docs/fetching.md)')
    .argument('<identifier...>', 'DOIs, PMIDs or PMCIDs, in any usual notation')
    .option('--write <file>', 'also write them as references, in the format of its ending: .ris, .nbib, .bib or .csl.json', referenceFile)
    .addHelpText('after', examples('fetch 10.1371/journal.pone.0180067', 'fetch 28654669 PMC5487054 --dry-run --json', 'fetch 28654669 --write fetched.ris'))
    .action((identifiers: string[], options: Options & { write?: string }) =>
      withSources(async (database, sources) => {
        const outcomes: FetchOutcome[] = []
        for await (const outcome of fetchPublications(identifiers, sources)) {
          outcomes.push(outcome)
          if (options.json !== true) fetchLines(outcome).forEach(say)
        }
        if (options.write !== undefined) await writeReferences(options.write, outcomes)
        await keep(database, (transaction) => fetchProposals(transaction, outcomes), options, { publications: outcomes })
        if (outcomes.some((outcome) => outcome.kind === 'FETCHED' && outcome.publication.unread.length > 0)) process.exitCode = 1
      }),
    )
}

function referenceFile(file: string): string {
  if (referenceFormatNames.some((name) => file.toLowerCase().endsWith(`.${name}`))) return file
  throw new InvalidArgumentError(`It ends in ${referenceFormatNames.map((name) => `.${name}`).join(', ')}.`)
}

async function writeReferences(file: string, outcomes: readonly FetchOutcome[]): Promise<void> {
  const format = formatOf(file, '')
  if (format === null) return
  const references = outcomes.flatMap((outcome) => (outcome.kind === 'FETCHED' ? [outcome.publication.reference] : []))
  await writeFile(file, referenceFormats[format].write(listed(references)))
}

/** The command `check-retractions`: what has happened to the publications of the database, as drafts of events. */
export function checkRetractionsCommand(): Command {
  return described(new Command('check-retractions'))
    .description('ask Crossref and PubMed what was corrected, doubted or retracted of all publications with a DOI or PMID (docs/fetching.md)')
    .addHelpText('after', examples('check-retractions', 'check-retractions --dry-run --json'))
    .action((options: Options) =>
      withSources(async (database, sources) => {
        const total = await countPublicationsToCheck(database)
        const changes: NewChange[] = []
        const unread: string[] = []
        let [asked, checked] = [0, 0]
        for await (const batch of checkRetractions(database, sources)) {
          changes.push(...batch.changes)
          unread.push(...batch.unread)
          asked += batch.publications
          checked += batch.checked
          if (process.stderr.isTTY) tell(`asked about ${asked} of ${total}`)
        }
        if (options.json !== true) {
          changes.map(changeLine).forEach(say)
          unread.forEach((reason) => say(`not asked: ${reason}`))
          say(`${checked} of ${asked} publications checked, ${changes.length} new ${changes.length === 1 ? 'change' : 'changes'}`)
        }
        await keep(database, listed(changes.map(changeProposal)), options, { publications: asked, checked, unread })
        if (unread.length > 0) process.exitCode = 1
      }),
    )
}

/** Keeps the proposals as drafts, and prints the report with what else there is to tell. */
async function keep(database: Database, proposals: Proposals, { dryRun, json, by }: Options, told: object): Promise<void> {
  const report = await saveDrafts(database, proposals, { dryRun: dryRun === true, by: by ?? null, actor: commandLine() })
  say(json === true ? JSON.stringify({ ...report, ...told }, null, 2) : reportText(report))
  if (report.counts.REFUSED > 0) process.exitCode = 1
}

/** Runs `work` with the database and the services to ask. */
const withSources = (work: (database: Database, sources: Sources) => Promise<void>) => withDatabase((database, config) => work(database, openSources(config)))
