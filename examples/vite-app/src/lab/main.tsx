import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LabPage } from './LabPage.tsx';
import { LabUnavailable } from './LabUnavailable.tsx';
import { readLabSettings } from './protocol.ts';
import '../app.css';
import './lab.css';

/** The host of this page; the frames stand one label below it, so that they share a site with it but no storage. */
const LAB_HOST = 'app.localhost';

const lab = readLabSettings();
if (lab && location.hostname !== LAB_HOST) {
  location.replace(`http://${LAB_HOST}:${location.port}/lab${location.search}`);
} else {
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>{lab ? <LabPage lab={lab} /> : <LabUnavailable />}</StrictMode>,
  );
}
