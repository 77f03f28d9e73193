/** Waiting until the browser has nothing else to do. */

/**
 * Settles when the page is idle, at the latest after `timeout` milliseconds where one is given; where the browser does
 * not say when it is idle, after 50 milliseconds.
 */
export function idle(timeout?: number): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis)
      requestIdleCallback(() => resolve(), timeout === undefined ? {} : {timeout});
    else setTimeout(resolve, 50);
  });
}
