// The panel of one cell: what was asked, what came of it, and what went over the wire.

import { element, verdict } from "./matrix.js";

const byId = (id) => document.getElementById(id);

export class Details {
  #panel = byId("details");
  #shown = 0;

  constructor(onClose) {
    this.onClose = onClose;
    byId("close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#panel.hidden) {
        this.close();
      }
    });
  }

  close() {
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#shown++;
    this.#panel.hidden = true;
    this.onClose(hadFocus);
  }

  // `result` is undefined while the browser is asking.
  async show({ caller, request, url, init, explained, browser, result }) {
    const shown = ++this.#shown;
    byId("details-title").textContent = `${request.name}, from ${caller.origin}`;
    byId("details-verdict").replaceChildren(verdict(browser), verdict(explained.outcome));
    byId("details-request").textContent = asCode(url, init, request.reads);
    const [sentence, answer] = told(browser, result, request, caller);
    byId("details-browser").textContent = sentence;
    byId("details-answer").textContent = answer;
    byId("details-answer").hidden = answer === "";
    explain(explained.explanation);
    byId("details-limit").textContent = explained.limit ?? "";
    this.#panel.hidden = false;
    const wire = byId("details-wire");
    if (!result?.key) {
      wire.replaceChildren(element("p", {}, browser === "running" ? "Asking …" : "Nothing was sent."));
      return;
    }
    const response = await fetch(`control/exchanges?n=${encodeURIComponent(result.key)}`).catch(() => undefined);
    const exchanges = response?.ok ? await response.json() : [];
    // The panel may show another cell by now.
    if (shown !== this.#shown) {
      return;
    }
    if (!response) {
      wire.replaceChildren(element("p", {}, "The server does not answer."));
    } else {
      wire.replaceChildren(...onTheWire(exchanges, explained, browser, request));
      // By which headers it is told from a same-origin one is known only once it came.
      const { rejected } = exchanges.find((exchange) => exchange.rejected) ?? {};
      if (rejected && explained.outcome === "rejected") {
        explain(rejected);
      }
    }
  }
}

function explain(explanation) {
  byId("details-explain").replaceChildren(...explanation.split("\n").map((text) => line(text)));
}

function asCode(url, init, reads) {
  const options = Object.entries(init)
    .filter(([name, value]) => name !== "method" || value !== "GET")
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value, null, 1).replace(/\n\s*/g, " ")},\n`);
  const call = options.length === 0 ? `fetch("${url}")` : `fetch("${url}", {\n${options.join("")}})`;
  return reads ? `const response = await ${call};\nresponse.headers.get("${reads}")` : call;
}

function told(browser, result, request, caller) {
  if (browser === "running") {
    return ["It is asking.", ""];
  }
  if (browser === "unreached" && !result) {
    return [
      `It did not load the page of ${caller.origin}, so nothing was asked. Chromium and Firefox take every name under ` +
        "localhost to be this machine; other browsers may need a line in the hosts file.",
      "",
    ];
  }
  if (result.kind === "silence") {
    return ["It got no answer in ten seconds.", ""];
  }
  if (result.kind === "error") {
    const sentence =
      "The page could read nothing. The browser's console (F12) says why; the page's error does not:";
    return [sentence, result.text];
  }
  const headers = result.headers.map(([name, value]) => `${name}: ${value}\n`).join("");
  const answer = `${result.status}\n${headers}${result.body ? `\n${result.body}` : ""}`.trimEnd();
  if (request.reads && result.value === null) {
    return [`The page read the answer, but not its header ${request.reads}: get() gave null.`, answer];
  }
  return ["The page read this:", answer];
}

function onTheWire(exchanges, explained, browser, request) {
  if (exchanges.length === 0) {
    return [element("p", {}, "The API has no record of this: nothing came, or it was too long ago.")];
  }
  const isPreflight = ({ method, request }) =>
    method === "OPTIONS" && request.some(([name]) => name === "access-control-request-method");
  const made = exchanges.flatMap((exchange) => [
    element("h4", {}, isPreflight(exchange) ? "Preflight" : "Request"),
    lines(`${exchange.method} ${exchange.path}`, exchange.request),
    lines(exchange.status, exchange.response),
  ]);
  const note = (text) => made.push(element("p", {}, text));
  if (exchanges.every(isPreflight)) {
    note("The browser never sent the request itself.");
  } else if (explained.outcome === "rejected") {
    note("The layer answered this itself: the handler was not called.");
  } else if (browser === "blocked") {
    note("The handler was called. The browser kept its answer from the page.");
  }
  const hasCookie = exchanges.some((exchange) => exchange.request.some(([name]) => name === "cookie"));
  if (request.has_credentials && !hasCookie) {
    note("No cookie came with it: the playground's is SameSite=Lax, and this page is of another site.");
  }
  return made;
}

// Headers as they are written on the wire, those of CORS standing out.
function lines(first, headers) {
  const pre = element("pre", {}, line(element("b", {}, first)));
  for (const [name, value] of headers) {
    const isCors = name === "origin" || name === "vary" || name.startsWith("access-control-");
    pre.append(line(element(isCors ? "mark" : "span", {}, `${name}: ${value}`)));
  }
  return pre;
}

// What wraps goes on further in than it began.
function line(content) {
  const indent = typeof content === "string" ? content.search(/\S|$/) + 2 : 2;
  const made = element("span", { className: "line" }, content, "\n");
  made.style.paddingLeft = `${indent}ch`;
  made.style.textIndent = `-${indent}ch`;
  return made;
}
