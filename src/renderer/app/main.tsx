import { createRoot } from 'react-dom/client';

import { Session } from '#state/session.ts';
import { openSocketPort } from '#state/socket-port.ts';

import { App } from './App.tsx';

const address = new URL('rpc', location.href.replace(/^http/, 'ws'));
const session = new Session(() => openSocketPort(address.href));
session.start();

const page = document.getElementById('page');
if (page !== null) createRoot(page).render(<App session={session} />);
