/** What every component may reach: the session, the address and the settings of this page. */
import { createContext } from 'svelte';
import type { Address } from './address.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { Settings } from './settings.svelte.ts';
import type { Viewer } from './viewer.svelte.ts';

export interface AppContext {
  session: Session;
  address: Address;
  settings: Settings;
  viewer: Viewer;
}

export const [getApp, setApp] = createContext<AppContext>();
