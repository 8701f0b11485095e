// The page of an origin. It sends the requests that the playground asks for, and reports the results.
"use strict";

(() => {
  const playground = document.body.dataset.playground;
  const TIMEOUT = 10_000;

  addEventListener("message", async (event) => {
    // Any page can put this page into a frame, but it accepts messages only from the playground.
    if (event.source !== parent || event.origin !== playground) {
      return;
    }
    const { id, url, init, reads } = event.data;
    parent.postMessage({ id, result: await send(url, init, reads) }, playground);
  });

  async function send(url, init, reads) {
    const signal = AbortSignal.timeout(TIMEOUT);
    try {
      const response = await fetch(url, { ...init, signal });
      return {
        kind: "response",
        status: response.status,
        headers: [...response.headers],
        body: (await response.text()).slice(0, 500),
        value: reads ? response.headers.get(reads) : undefined,
      };
    } catch (error) {
      return { kind: signal.aborted ? "timeout" : "error", text: String(error) };
    }
  }

  parent.postMessage({ ready: true }, playground);
})();
