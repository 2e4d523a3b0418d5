import { lazy, Suspense } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { HomePage } from './home/HomePage.js'
import { NotFoundPage } from './shell/NotFoundPage.js'
import { Shell } from './shell/Shell.js'
import { Loading } from './widgets/states.js'

const ClaimPage = lazy(() => import('./claims/ClaimPage.js').then((module) => ({ default: module.ClaimPage })))
const ClaimsPage = lazy(() => import('./claims/ClaimsPage.js').then((module) => ({ default: module.ClaimsPage })))
const ComparePage = lazy(() => import('./compare/ComparePage.js').then((module) => ({ default: module.ComparePage })))
const ConditionPage = lazy(() => import('./condition/ConditionPage.js').then((module) => ({ default: module.ConditionPage })))
const ConditionsPage = lazy(() => import('./condition/ConditionsPage.js').then((module) => ({ default: module.ConditionsPage })))
const DosePage = lazy(() => import('./form/DosePage.js').then((module) => ({ default: module.DosePage })))
const DraftPage = lazy(() => import('./drafts/DraftPage.js').then((module) => ({ default: module.DraftPage })))
const DraftsPage = lazy(() => import('./drafts/DraftsPage.js').then((module) => ({ default: module.DraftsPage })))
const EvidencePage = lazy(() => import('./evidence/EvidencePage.js').then((module) => ({ default: module.EvidencePage })))
const FormPage = lazy(() => import('./form/FormPage.js').then((module) => ({ default: module.FormPage })))
const FormsPage = lazy(() => import('./form/FormsPage.js').then((module) => ({ default: module.FormsPage })))
const MapPage = lazy(() => import('./map/MapPage.js').then((module) => ({ default: module.MapPage })))
const NewsPage = lazy(() => import('./news/NewsPage.js').then((module) => ({ default: module.NewsPage })))
const SafetyPage = lazy(() => import('./safety/SafetyPage.js').then((module) => ({ default: module.SafetyPage })))
const SearchPage = lazy(() => import('./search/SearchPage.js').then((module) => ({ default: module.SearchPage })))
const StudiesPage = lazy(() => import('./study/StudiesPage.js').then((module) => ({ default: module.StudiesPage })))
const StudyPage = lazy(() => import('./study/StudyPage.js').then((module) => ({ default: module.StudyPage })))
const SynthesisPage = lazy(() => import('./synthesis/SynthesisPage.js').then((module) => ({ default: module.SynthesisPage })))

/** Which address shows what; the same under /embed, without the shell. The service serves the page at these addresses: see src/http/web.ts. */
export function Pages() {
  return (
    <Suspense fallback={<Loading lines={12} />}>
      <Routes>
        <Route element={<Shell />}>
          <Route index element={<HomePage />} />
          {/* Not under /embed: a page of somebody else must not frame what decides. */}
          <Route path="drafts" element={<DraftsPage />} />
          <Route path="drafts/:id" element={<DraftPage />} />
          {views}
        </Route>
        <Route path="/embed" element={<Shell bare />}>
          {/* The map was framed at this address before it had its own. */}
          <Route index element={<ToMap />} />
          {views}
        </Route>
      </Routes>
    </Suspense>
  )
}

const views = (
  <>
    <Route path="map" element={<MapPage />} />
    <Route path="conditions" element={<ConditionsPage />} />
    <Route path="conditions/:slug" element={<ConditionPage />} />
    <Route path="forms" element={<FormsPage />} />
    <Route path="forms/:slug" element={<FormPage />} />
    <Route path="dose" element={<DosePage />} />
    <Route path="studies" element={<StudiesPage />} />
    <Route path="studies/:slug" element={<StudyPage />} />
    <Route path="claims" element={<ClaimsPage />} />
    <Route path="claims/:slug" element={<ClaimPage />} />
    <Route path="evidence" element={<EvidencePage />} />
    <Route path="synthesis" element={<SynthesisPage />} />
    <Route path="compare" element={<ComparePage />} />
    <Route path="new" element={<NewsPage />} />
    <Route path="safety" element={<SafetyPage />} />
    <Route path="search" element={<SearchPage />} />
    <Route path="*" element={<NotFoundPage />} />
  </>
)

function ToMap() {
  const { search } = useLocation()
  return <Navigate replace to={`/embed/map${search}`} />
}
