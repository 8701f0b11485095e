// The panel of a cell: the request, the result in the browser, and the messages that the API received and sent.

import { element, verdict } from "./matrix.js";

const byId = (id) => document.getElementById(id);

// A browser that is neither of these two has the messages of Safari.
const BROWSER = ["Firefox", "Chrome"].find((name) => navigator.userAgent.includes(`${name}/`));
const CONSOLE = { Firefox: "firefox", Chrome: "chromium" }[BROWSER] ?? "safari";

export class Details {
  #panel = byId("details");
  #shownId = 0;

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
    this.#shownId++;
    this.#panel.hidden = true;
    this.onClose(hadFocus);
  }

  // `result` is undefined while the request is running.
  async show({ caller, request, url, init, explanation, browser, result, column, row }) {
    const id = ++this.#shownId;
    byId("details-title").textContent = `${request.name}, from ${caller.origin}`;
    byId("details-verdict").replaceChildren(
      element("span", {}, "browser: ", verdict(browser)),
      element("span", {}, "explain: ", verdict(explanation.outcome)),
    );
    byId("details-request").textContent = asCode(url, init, request.reads);
    const [sentence, readable] = describeResult(browser, result, request, caller);
    byId("details-browser").textContent = sentence;
    byId("details-response").textContent = readable;
    byId("details-response").hidden = readable === "";
    byId("details-console").hidden = true;
    showExplanation(explanation.text);
    const fixes = explanation.fixes.map((fix) => element("p", { className: "fix" }, element("b", {}, "fix:"), ` ${fix}`));
    byId("details-fixes").replaceChildren(...fixes);
    byId("details-limit").textContent = explanation.limit ?? "";
    this.#panel.hidden = false;
    const wire = byId("details-wire");
    if (!result?.key) {
      wire.replaceChildren(element("p", {}, browser === "running" ? "Waiting for the response …" : "Nothing was sent."));
      return;
    }
    const query = new URLSearchParams({ column, row, n: result.key });
    const response = await fetch(`control/cell?${query}`).catch(() => undefined);
    const { exchanges, console } = response?.ok ? await response.json() : { exchanges: [] };
    // The panel may show another cell now.
    if (id !== this.#shownId) {
      return;
    }
    if (!response) {
      wire.replaceChildren(element("p", {}, "The server does not respond."));
    } else {
      wire.replaceChildren(...describeExchanges(exchanges, explanation, browser, request));
      if (console && browser === "blocked") {
        byId("details-console").hidden = false;
        byId("details-sentence").textContent = console[CONSOLE];
      }
      // The server explains a rejection only after the request has arrived, because it depends on the headers of the
      // request.
      const { rejected } = exchanges.find((exchange) => exchange.rejected) ?? {};
      if (rejected && explanation.outcome === "rejected") {
        showExplanation(rejected);
      }
    }
  }
}

function showExplanation(text) {
  byId("details-explain").replaceChildren(...text.split("\n").map((row) => line(row)));
}

function asCode(url, init, reads) {
  const options = Object.entries(init)
    .filter(([name, value]) => name !== "method" || value !== "GET")
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value, null, 1).replace(/\n\s*/g, " ")},\n`);
  const call = options.length === 0 ? `fetch("${url}")` : `fetch("${url}", {\n${options.join("")}})`;
  return reads ? `const response = await ${call};\nresponse.headers.get("${reads}")` : call;
}

function describeResult(browser, result, request, caller) {
  if (browser === "running") {
    return ["It is waiting for the response.", ""];
  }
  if (browser === "unreachable" && !result) {
    return [
      `It did not load the page of ${caller.origin}, so it sent no request. Chromium and Firefox resolve every name under ` +
        "localhost to this machine. Other browsers may need an entry in the hosts file.",
      "",
    ];
  }
  if (result.kind === "timeout") {
    return ["It got no response within ten seconds.", ""];
  }
  if (result.kind === "error") {
    return ["The page cannot read anything, and its error does not say why:", result.text];
  }
  const headers = result.headers.map(([name, value]) => `${name}: ${value}\n`).join("");
  const response = `${result.status}\n${headers}${result.body ? `\n${result.body}` : ""}`.trimEnd();
  if (request.reads && result.value === null) {
    return [`The page read the response, but not its header ${request.reads}: get() returned null.`, response];
  }
  return ["The page read this:", response];
}

function describeExchanges(exchanges, explanation, browser, request) {
  if (exchanges.length === 0) {
    return [element("p", {}, "The API has no record of this request: either it did not arrive, or it is too old.")];
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
    note("The browser did not send the request itself.");
  } else if (explanation.outcome === "rejected") {
    note("The middleware rejected this request. The handler was not called.");
  } else if (browser === "blocked") {
    note("The handler was called, but the browser does not let the page read the response.");
  }
  const hasCookie = exchanges.some((exchange) => exchange.request.some(([name]) => name === "cookie"));
  if (request.has_credentials && !hasCookie) {
    note("The browser sent no cookie: the cookie of the playground is SameSite=Lax, and this page is of another site.");
  }
  return made;
}

// The headers as they were sent. CORS headers are highlighted.
function lines(first, headers) {
  const pre = element("pre", {}, line(element("b", {}, first)));
  for (const [name, value] of headers) {
    const isCors = name === "origin" || name === "vary" || name.startsWith("access-control-");
    pre.append(line(element(isCors ? "mark" : "span", {}, `${name}: ${value}`)));
  }
  return pre;
}

// A line that wraps is indented from its second row.
function line(content) {
  const indent = typeof content === "string" ? content.search(/\S|$/) + 2 : 2;
  const made = element("span", { className: "line" }, content, "\n");
  made.style.paddingLeft = `${indent}ch`;
  made.style.textIndent = `-${indent}ch`;
  return made;
}
