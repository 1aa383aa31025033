/** The proof that nothing leaves: counts the requests the page has made since it was ready. */

/** Counts from `start` on; what the page loads to be ready is not counted. */
export class RequestCount {
  count = $state(0);
  /** False where the browser cannot tell, so that nothing is claimed. */
  known = $state(false);

  start(): void {
    try {
      const from = performance.now();
      const observer = new PerformanceObserver((list) => {
        this.count += list
          .getEntries()
          .filter((entry) => entry.startTime > from && isRequest(entry.name)).length;
      });
      observer.observe({ type: 'resource' });
      this.known = true;
    } catch {
      this.known = false;
    }
  }
}

/** Blobs and data are the page's own memory. */
function isRequest(address: string): boolean {
  return !/^(blob|data):/.test(address);
}
