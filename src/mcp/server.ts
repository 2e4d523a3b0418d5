import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server'
import { PublicError } from '../errors.js'
import { knownFailure } from '../graphql/formatError.js'
import { release } from '../version.js'
import type { Session } from './ask.js'
import type { Tool } from './tool.js'
import { checkClaim } from './tools/checkClaim.js'
import { convertDose } from './tools/convertDose.js'
import { findEvidence } from './tools/findEvidence.js'
import { findTerms } from './tools/findTerms.js'
import { getStudy } from './tools/getStudy.js'
import { summaryOfFindings } from './tools/summaryOfFindings.js'
import { synthesize } from './tools/synthesize.js'

export const tools: readonly Tool[] = [findTerms, findEvidence, synthesize, summaryOfFindings, checkClaim, convertDose, getStudy]

const toolByName = new Map(tools.map((tool) => [tool.name, tool]))

export const instructions = `Evidence on magnesium: what trials and other studies showed, of which compound, at what elemental dose, in whom, and how certain that is. Evidence, not advice: tell nobody what to take, and send questions about treatment to a clinician.

1. find_terms: the slugs of condition, form and outcome.
2. summary_of_findings: what is known of a condition, outcome by outcome; or synthesize: one question pooled over all studies.
3. find_evidence and get_study: the single effects and studies behind it. check_claim: what curators found of a published claim. convert_dose: compound to elemental magnesium.

State certainty and warnings before the estimate, with its interval, and name the sources. "No clear difference" is no benefit and no equality; "unclear" is not "no difference"; nothing found is not evidence of no effect. Compute no pools, certainties or verdicts of your own.`

export interface ServerOptions {
  readonly session: Session
  /** Id of the request, which the log knows; null where there are no requests. */
  readonly requestId: string | null
  /** Told of defects, whole; callers hear no more than that there was one. */
  readonly onDefect: (error: unknown) => void
}

/** A server of the protocol for one request or one connection. It keeps nothing. */
export function createMcpServer({ session, requestId, onDefect }: ServerOptions): Server {
  const server = new Server({ name: 'magnesium-evidence', title: 'Magnesium evidence', version: release }, { capabilities: { tools: {} }, instructions })
  server.setRequestHandler('tools/list', () => ({ tools: listed.map((tool) => ({ ...tool })) }))
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: given } }) => {
    const tool = toolByName.get(name)
    if (tool === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no tool "${name.slice(0, 100)}": they are ${[...toolByName.keys()].join(', ')}`)
    try {
      const { data, text } = await tool.run(given, session)
      return { content: [{ type: 'text' as const, text }], structuredContent: data }
    } catch (error) {
      return refusal(publicly(error, onDefect), requestId)
    }
  })
  return server
}

const listed = tools.map(({ name, title, description, inputSchema, outputSchema }) => ({
  ...{ name, title, description, inputSchema, outputSchema },
  annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
}))

function publicly(error: unknown, onDefect: (error: unknown) => void): PublicError {
  if (error instanceof PublicError) return error
  const known = knownFailure(error)
  if (known !== null) return known
  onDefect(error)
  return new PublicError('INTERNAL_SERVER_ERROR', 'Internal server error')
}

/** An error of a tool: a sentence that an assistant can act on, then the same as JSON, as GraphQL's errors have it. */
function refusal({ code, message, details }: PublicError, requestId: string | null) {
  const { suggestions = [] } = details
  const hint = suggestions.length === 0 || message.includes('did you mean') ? '' : `. Did you mean ${suggestions.map((name) => `"${name}"`).join(' or ')}?`
  const extensions = { code, ...details, ...(requestId !== null && { requestId }) }
  return {
    isError: true,
    content: [
      { type: 'text' as const, text: `${details.reason ?? code}: ${message}${hint}` },
      { type: 'text' as const, text: JSON.stringify({ errors: [{ message, extensions }] }) },
    ],
  }
}
