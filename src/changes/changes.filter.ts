import type { Context } from '../graphql/context.js'
import { PageArgs } from '../graphql/connection.js'
import { ArgsType, Field } from '../graphql/decorators.js'
import { DateTimeScalar } from '../graphql/scalars.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { getRevision, shortestRevision, type ChangesWanted } from './changes.queries.js'

export const revisionHelp = `a fingerprint of \`revisions\`, or its first ${shortestRevision} characters or more`

@ArgsType()
export class ChangeListArgs extends PageArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Changes imported at that time or later. With `sinceRevision` both must hold.' })
  since?: Date | null

  @Field(() => String, { nullable: true, description: `Changes after that revision: ${revisionHelp}. Of a state that came back, after its newest import.` })
  sinceRevision?: string | null

  @Field(() => String, { nullable: true, description: `Changes up to that revision, its own included: ${revisionHelp}; to the newest when left out.` })
  untilRevision?: string | null

  @Field(() => [String], { nullable: true, description: `Conditions that the subject is or was about, narrower ones included: ${refHelp}.` })
  conditions?: string[] | null
}

/** @throws {PublicError} UNKNOWN_REVISION, UNKNOWN_TERM */
export async function changesWanted(context: Context, { since, sinceRevision, untilRevision, conditions }: ChangeListArgs): Promise<ChangesWanted> {
  const { database, dataRevision } = context
  const keyOf = async (ref: string | null | undefined, argument: string) => (ref == null ? null : (await getRevision(database, ref, argument)).key)
  return {
    since: since ?? null,
    after: (await keyOf(sinceRevision, 'sinceRevision')) ?? 0,
    upTo: (await keyOf(untilRevision, 'untilRevision')) ?? dataRevision.id,
    conditions: conditions?.length ? await slugsOfConditions(context, conditions) : null,
  }
}

/** Slugs of the conditions that refs name, with those of everything narrower. @throws {PublicError} UNKNOWN_TERM */
export async function slugsOfConditions(context: Context, refs: readonly string[]): Promise<string[]> {
  const { conditions } = await vocabularyOf(context)
  return namingNearestTerms(context, async () => conditions.keysNamed(refs, true).map((key) => conditions.get(key).slug))
}
