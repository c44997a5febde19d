import { createRoot } from 'react-dom/client';

import { openPort } from '#state/open-port.ts';
import { Session } from '#state/session.ts';

import { App } from './App.tsx';

const session = new Session(openPort);

const page = document.getElementById('page');
if (page !== null) createRoot(page).render(<App session={session} />);
// The tree first: what a connection needs is loaded while it is looked at.
requestAnimationFrame(() => setTimeout(() => session.start()));
