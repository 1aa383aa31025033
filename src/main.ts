/** The page's entry: the policy's hook for workers, the app, and what can wait until it stands. */
import { mount } from 'svelte';
import App from './ui/App.svelte';

const target = document.getElementById('app');
allowOwnWorkers();
if (target) mount(App, { target });

/** Trusted types let no string become a script's address; the page's own workers are blobs of its own. */
function allowOwnWorkers(): void {
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL: (address: string) => {
      const url = new URL(address, location.href);
      const own = url.protocol === 'blob:' || url.origin === location.origin;
      if (!own) throw new TypeError(`A script from elsewhere was refused: ${url.origin}`);
      return address;
    },
  });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}
