// Connects the parts of the page. After each change of the policy, all frames send their requests again.

import { Details } from "./details.js";
import { Editor } from "./editor.js";
import { Frame } from "./frames.js";
import { Matrix } from "./matrix.js";

// For how long a cell shows its old result while a request is running. Most responses come sooner.
const UPDATE_DELAY = 300;

// Identifies this page in the URLs of its requests.
const PAGE_ID = crypto.getRandomValues(new Uint32Array(2)).join("-");

const byId = (id) => document.getElementById(id);

const data = await fetch("control/state")
  .then((response) => response.json())
  .catch((error) => {
    byId("status").textContent = "The server does not respond. Is it still running?";
    throw error;
  });
const { api, callers, requests } = data;

let current = data.current;
// The number of the current run of all requests. Results of earlier runs are ignored.
let run = 0;
let results = [];
let open = null;
// Whether the server did not respond to the last request.
let isServerDown = false;
// How many errors the text in the editor has. The server keeps the last good policy.
let errors = 0;

byId("api").textContent = api;
const matrix = new Matrix(byId("matrix"), callers, requests, current.explanations, openCell, moveDetails);
const details = new Details(closeCell);
const editor = new Editor(data.presets, current, applied, () => setServerUp(false));
const frames = callers.map((caller, column) => new Frame(caller, byId("frames"), () => runColumn(column)));
runAll();

// Another page of the playground may have changed the policy of the server.
addEventListener("focus", refresh);

function applied(now, errorCount, isForced) {
  errors = errorCount;
  document.body.dataset.stale = errors > 0;
  setServerUp(true);
  if (now.revision !== current.revision || isForced) {
    current = now;
    runAll();
  }
}

// While the server does not respond, the table shows old results.
function setServerUp(isUp) {
  isServerDown = !isUp;
  showStatus();
}

function runAll() {
  const ownRun = ++run;
  results = callers.map(() => requests.map(() => ({ browser: "running" })));
  document.body.dataset.revision = current.revision;
  document.body.dataset.state = "running";
  forEachCell((column, row) => show(column, row, true));
  callers.forEach((_, column) => runColumn(column));
  showStatus();
  setTimeout(() => {
    if (ownRun === run) {
      forEachCell((column, row) => results[column][row].browser === "running" && show(column, row));
    }
  }, UPDATE_DELAY);
}

function forEachCell(act) {
  callers.forEach((_, column) => requests.forEach((_, row) => act(column, row)));
}

function runColumn(column) {
  const { state } = frames[column];
  if (state === "unreachable") {
    requests.forEach((_, row) => settle(run, column, row, undefined));
  } else if (state === "loaded") {
    // The frame may have been shown as unreachable before.
    results[column] = requests.map(() => ({ browser: "running" }));
    document.body.dataset.state = "running";
    requests.forEach((request, row) => sendRequest(column, row, request));
  }
}

async function sendRequest(column, row, request) {
  const ownRun = run;
  // The URL is unique, so neither the HTTP cache nor the preflight cache has an entry for it.
  const key = `${PAGE_ID}-${ownRun}-${column}-${row}`;
  const result = await frames[column].send(`${urlOf(request)}?n=${key}`, initOf(request), request.reads);
  settle(ownRun, column, row, { ...result, key });
}

function settle(ownRun, column, row, result) {
  if (ownRun !== run) {
    return;
  }
  results[column][row] = { browser: browserResult(result, requests[row]), result };
  show(column, row);
  if (results.flat().every(({ browser }) => browser !== "running")) {
    document.body.dataset.state = "done";
    refresh();
  }
  showStatus();
}

function browserResult(result, request) {
  switch (result?.kind) {
    case "response":
      return request.reads && result.value === null ? "hidden" : "read";
    case "error":
      return "blocked";
    default:
      return "unreachable";
  }
}

function show(column, row, isTemporary) {
  matrix.set(column, row, results[column][row].browser, current.explanations[column][row].outcome, isTemporary);
  if (open?.column === column && open?.row === row && !isTemporary) {
    showDetails();
  }
}

function showStatus() {
  const status = byId("status");
  const text = summary(status);
  // Setting the same text again would make a screen reader repeat it.
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function summary(status) {
  const all = results.flat();
  const count = (what) => all.filter(({ browser }) => browser === what).length;
  if (isServerDown) {
    status.dataset.kind = "clash";
    return "The server does not respond. The table shows old results.";
  }
  if (errors > 0) {
    status.dataset.kind = "clash";
    return "Your text has errors, so this is still the result of the last good policy.";
  }
  if (document.body.dataset.state !== "done") {
    status.dataset.kind = "running";
    return "Sending requests …";
  }
  const clashes = document.querySelectorAll("#matrix [data-agrees=no]").length;
  const [read, hidden, blocked] = [count("read"), count("hidden"), count("blocked")];
  const known = read + hidden + blocked;
  const unreachable = count("unreachable");
  status.dataset.kind = clashes > 0 ? "clash" : "good";
  return (
    `${read} read, ${hidden > 0 ? `${hidden} header hidden, ` : ""}${blocked} blocked. ` +
    (clashes > 0 ? `Browser and policy disagree on ${clashes} of ${known}.` : `Browser and policy agree on all ${known}.`) +
    (unreachable > 0 ? ` ${unreachable} unknown: this browser did not load their pages.` : "")
  );
}

async function refresh() {
  const before = current;
  const response = await fetch("control/state").catch(() => undefined);
  const now = response?.ok ? (await response.json()).current : before;
  setServerUp(response !== undefined);
  // If the policy was changed here in the meantime, that policy is newer.
  if (current === before && (now.revision !== before.revision || now.text !== before.text)) {
    current = now;
    editor.adopt(now);
    runAll();
  }
}

// If the panel is open, it shows the cell to which a key has moved the focus.
function moveDetails(column, row) {
  if (open) {
    openCell(column, row);
  }
}

function openCell(column, row) {
  if (open) {
    matrix.cell(open.column, open.row).ariaExpanded = "false";
  }
  open = { column, row };
  const cell = matrix.cell(column, row);
  cell.ariaExpanded = "true";
  showDetails();
  // Arrow keys move from here, and Tab goes into the panel. Some browsers do not focus a button when it is clicked.
  cell.focus({ preventScroll: true });
  // The panel may cover the cell.
  cell.scrollIntoView({ block: "nearest" });
}

function showDetails() {
  const { column, row } = open;
  const request = requests[row];
  details.show({
    caller: callers[column],
    request,
    url: urlOf(request),
    init: initOf(request),
    explanation: current.explanations[column][row],
    column,
    row,
    ...results[column][row],
  });
}

function closeCell(hadFocus) {
  const cell = matrix.cell(open.column, open.row);
  cell.ariaExpanded = "false";
  open = null;
  // The focus stays if the user is doing something else, such as typing.
  if (hadFocus || document.activeElement === document.body) {
    cell.focus();
  }
}

function urlOf(request) {
  return api + request.path;
}

function initOf({ method, headers, body, has_credentials }) {
  return {
    method,
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(body !== null && { body }),
    ...(has_credentials && { credentials: "include" }),
  };
}
