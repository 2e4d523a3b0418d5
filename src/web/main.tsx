import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { Provider } from 'urql'
import { basePath } from './address.js'
import { client } from './client.js'
import { Pages } from './pages.js'
import '@fontsource-variable/source-sans-3/wght.css'
import './shell/base.css'

const place = document.getElementById('app')
if (place === null) throw new Error('the page has no element #app')
createRoot(place).render(
  <StrictMode>
    <Provider value={client}>
      <BrowserRouter basename={basePath}>
        <Pages />
      </BrowserRouter>
    </Provider>
  </StrictMode>,
)
