/** Whether the page works without a network, and the service worker that sees to it. */

/** Registers the service worker; without one the page still works as long as it stays open. */
export class Offline {
  ready = $state(false);

  async start(): Promise<void> {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    try {
      await navigator.serviceWorker.register('./sw.js');
      await navigator.serviceWorker.ready;
      this.ready = true;
    } catch {
      this.ready = false; // a private window, or a page opened from a file
    }
  }
}
