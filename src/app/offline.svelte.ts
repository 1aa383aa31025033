/** Whether the page works without a network, and the service worker that sees to it. */

/** Registers the service worker; without one the page still works as long as it stays open. */
export class Offline {
  ready = $state(false);
  /** Whether a newer version has come, which opens once no page of this one is open. */
  newer = $state(false);

  async start(): Promise<void> {
    if (!import.meta.env.PROD) return;
    try {
      const { serviceWorker } = navigator;
      const registration = await serviceWorker.register('./sw.js');
      const look = (): void => {
        this.newer = registration.waiting !== null && serviceWorker.controller !== null;
      };
      registration.addEventListener('updatefound', () =>
        registration.installing?.addEventListener('statechange', look),
      );
      look();
      await serviceWorker.ready;
      this.ready = true;
    } catch {
      this.ready = false; // a private window, a frame of its own origin, or a page opened from a file
    }
  }
}
