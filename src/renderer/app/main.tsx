import { createRoot } from 'react-dom/client';

import { openPort } from '#state/open-port.ts';
import { Session } from '#state/session.ts';

import { App } from './App.tsx';
import { readStartPlace } from './start-place.ts';

const place = await readStartPlace(location.hash);
const session = new Session(openPort, place?.destination);

const page = document.getElementById('page');
if (page !== null) createRoot(page).render(<App session={session} startRoot={place?.root} />);
// The tree first: what a connection needs is loaded while it is looked at.
requestAnimationFrame(() => setTimeout(() => session.start()));
