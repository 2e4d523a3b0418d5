import { once } from 'node:events'
import { Command } from 'commander'
import { examples, tell, withDatabase } from './cli.support.js'
import type { AskedOperation, OperationAnswer } from './http/graphql.js'

/** The command `mcp`: the tools of /mcp over standard input and output, for an assistant on the same machine. */
export const mcpCommand = () =>
  new Command('mcp')
    .description('answer an assistant over standard input and output by the Model Context Protocol (docs/assistants.md)')
    .addHelpText('after', examples('mcp'))
    .action(() =>
      withDatabase(async (database, config) => {
        const [{ createApp, contextSource, Replicas, buildServiceSchema }, { serveConnection }] = await Promise.all([
          import('./answering.js'),
          import('./mcp/connection.js'),
        ])
        // The service without its port: what is asked here meets the limits, and the log, that it meets there.
        const app = await createApp({
          config: { ...config, basePath: '' },
          schema: buildServiceSchema(),
          contextFor: contextSource(new Replicas(database)),
          isReady: () => Promise.resolve({ ready: true, reasons: [] }),
          examples: [],
          logTo: { write: (line) => tell(line.trimEnd()) },
        })
        const ended = new AbortController()
        for (const signal of endingSignals) process.once(signal, () => ended.abort())
        try {
          const ask = async (operation: AskedOperation): Promise<OperationAnswer> =>
            (await app.inject({ method: 'POST', url: '/graphql', payload: operation })).json()
          const onDefect = (error: unknown) => app.log.error({ err: error }, 'tool failed')
          const connection = serveConnection({ session: { ask, origin: '', basePath: '' }, requestId: null, onDefect })
          tell('answering on standard input and output')
          if (!ended.signal.aborted) await Promise.race([connection.ended, once(ended.signal, 'abort')])
          await connection.close()
        } finally {
          await app.close()
        }
      }),
    )

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
