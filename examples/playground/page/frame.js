// The page of an origin: sends to the API what the playground asks, and tells what came of it.
"use strict";

(() => {
  const playground = document.body.dataset.playground;
  const PATIENCE = 10_000;

  addEventListener("message", async (event) => {
    // Anybody may frame or open this page; it works for one only.
    if (event.source !== parent || event.origin !== playground) {
      return;
    }
    const { id, url, init, reads } = event.data;
    parent.postMessage({ id, result: await ask(url, init, reads) }, playground);
  });

  async function ask(url, init, reads) {
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const response = await fetch(url, { ...init, signal });
      return {
        kind: "answer",
        status: response.status,
        headers: [...response.headers],
        body: (await response.text()).slice(0, 500),
        value: reads ? response.headers.get(reads) : undefined,
      };
    } catch (error) {
      return { kind: signal.aborted ? "silence" : "error", text: String(error) };
    }
  }

  parent.postMessage({ ready: true }, playground);
})();
