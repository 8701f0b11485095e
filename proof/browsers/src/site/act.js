'use strict';

// Sends a request. The promise ends when the request has been sent, as far as a page can know. What leaves the page begins after
// that, so that the driver gets its answer.
const acts = {
  form: ({ url, method, enctype }) => later(() => {
    const form = Object.assign(document.createElement('form'), { action: url, method, enctype });
    form.append(Object.assign(document.createElement('input'), { name: 'text', value: 'hello' }));
    document.body.append(form);
    form.submit();
  }),

  link: ({ url }) => later(() => click({ href: url })),

  ping: ({ url }) => click({ href: '#', ping: url }),

  fetch: ({ url, method, mode, credentials }) =>
    fetch(url, { method, mode, credentials, body: method === 'GET' ? undefined : 'hello' }),

  beacon: ({ url, contentType }) => navigator.sendBeacon(url, new Blob(['{}'], { type: contentType })),

  // The policy of the page forbids all images, and asks for reports.
  report: () => document.body.append(Object.assign(new Image(), { src: '/acts/forbidden.png' })),

  image: ({ url }) =>
    new Promise((resolve) => {
      document.body.append(Object.assign(new Image(), { onload: resolve, onerror: resolve, src: url }));
    }),

  socket: ({ url }) =>
    new Promise((resolve) => {
      Object.assign(new WebSocket(url), { onopen: resolve, onerror: resolve });
    }),
};

function later(action) {
  setTimeout(action, 0);
}

function click(properties) {
  const link = Object.assign(document.createElement('a'), properties);
  document.body.append(link);
  link.click();
}

async function act(call) {
  try {
    await acts[call.kind](call);
  } catch {
    // The server knows what was sent.
  }
}
