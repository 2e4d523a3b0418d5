/* global React, ReactDOM, GraphiQL */
// GraphiQL with the example operations as its first tabs. What a visitor writes stays in the browser's own storage.
const element = React.createElement

async function start() {
  const response = await fetch('/playground/examples.json')
  const examples = response.ok ? await response.json() : []
  const defaultTabs = examples.map(({ query, variables }) => ({ query, variables: variables ?? null }))
  ReactDOM.createRoot(document.getElementById('playground')).render(
    element(
      GraphiQL,
      {
        fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
        defaultTabs: defaultTabs.length > 0 ? defaultTabs : undefined,
        defaultEditorToolsVisibility: 'variables',
        isHeadersEditorEnabled: false,
        shouldPersistHeaders: false,
      },
      element(GraphiQL.Logo, null, ' '),
    ),
  )
}

void start()
