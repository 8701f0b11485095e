// Puts the parts together: when a policy comes into force, all pages ask anew, and what they tell belongs to that policy.

import { Details } from "./details.js";
import { Editor } from "./editor.js";
import { Frame } from "./frames.js";
import { Matrix } from "./matrix.js";

// For how long a cell may look as it did before while the browser asks: most answers come sooner.
const MOMENT = 300;

// Tells the URLs of this page from those of another one.
const SELF = crypto.getRandomValues(new Uint32Array(2)).join("-");

const byId = (id) => document.getElementById(id);

const whole = await fetch("control/state")
  .then((response) => response.json())
  .catch((error) => {
    byId("status").textContent = "The server does not answer. Is it still running?";
    throw error;
  });
const { api, callers, requests } = whole;

let inForce = whole.in_force;
// Counts the times that the pages were asked; what an earlier time brings is dropped.
let run = 0;
let results = [];
let open = null;
// The server did not answer when it was last asked.
let isSilent = false;

byId("api").textContent = api;
// On a narrow screen it would push the matrix out of sight.
byId("understanding").open = matchMedia("(min-width: 70rem)").matches;
const matrix = new Matrix(byId("matrix"), callers, requests, inForce.verdicts, openCell, follow);
const details = new Details(closeCell);
const editor = new Editor(whole.presets, inForce, applied, () => hear(false));
const frames = callers.map((caller, column) => new Frame(caller, byId("frames"), () => askFrom(column)));
askAll();

// The policy belongs to the server: another page of the playground may have changed it.
addEventListener("focus", lookAgain);

function applied(now, isAsked) {
  hear(true);
  if (now.revision !== inForce.revision || isAsked) {
    inForce = now;
    askAll();
  }
}

// What the table says is of the past while the server does not answer.
function hear(answers) {
  isSilent = !answers;
  tell();
}

function askAll() {
  const mine = ++run;
  results = callers.map(() => requests.map(() => ({ browser: "running" })));
  document.body.dataset.revision = inForce.revision;
  document.body.dataset.state = "running";
  forEachCell((column, row) => show(column, row, true));
  callers.forEach((_, column) => askFrom(column));
  tell();
  setTimeout(() => {
    if (mine === run) {
      forEachCell((column, row) => results[column][row].browser === "running" && show(column, row));
    }
  }, MOMENT);
}

function forEachCell(act) {
  callers.forEach((_, column) => requests.forEach((_, row) => act(column, row)));
}

function askFrom(column) {
  const { state } = frames[column];
  if (state === "unreached") {
    requests.forEach((_, row) => settle(run, column, row, undefined));
  } else if (state === "reached") {
    // It may have been given up before.
    results[column] = requests.map(() => ({ browser: "running" }));
    document.body.dataset.state = "running";
    requests.forEach((request, row) => ask(column, row, request));
  }
}

async function ask(column, row, request) {
  const mine = run;
  // No cache knows this URL, neither one of answers nor one of preflights.
  const key = `${SELF}-${mine}-${column}-${row}`;
  const result = await frames[column].ask(`${urlOf(request)}?n=${key}`, initOf(request), request.reads);
  settle(mine, column, row, { ...result, key });
}

function settle(mine, column, row, result) {
  if (mine !== run) {
    return;
  }
  results[column][row] = { browser: verdictOf(result, requests[row]), result };
  show(column, row);
  if (results.flat().every(({ browser }) => browser !== "running")) {
    document.body.dataset.state = "done";
    lookAgain();
  }
  tell();
}

function verdictOf(result, request) {
  switch (result?.kind) {
    case "answer":
      return request.reads && result.value === null ? "hidden" : "read";
    case "error":
      return "blocked";
    default:
      return "unreached";
  }
}

function show(column, row, isSoon) {
  matrix.set(column, row, results[column][row].browser, inForce.verdicts[column][row].outcome, isSoon);
  if (open?.column === column && open?.row === row && !isSoon) {
    showDetails();
  }
}

function tell() {
  const status = byId("status");
  const text = summary(status);
  // A screen reader would read the same words again.
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function summary(status) {
  const all = results.flat();
  const count = (what) => all.filter(({ browser }) => browser === what).length;
  if (isSilent) {
    status.dataset.kind = "clash";
    return `The server does not answer. The table shows what revision ${inForce.revision} did.`;
  }
  if (document.body.dataset.state !== "done") {
    status.dataset.kind = "running";
    return `Revision ${inForce.revision}: asking …`;
  }
  const clashes = document.querySelectorAll("#matrix [data-agrees=no]").length;
  const [read, hidden, blocked] = [count("read"), count("hidden"), count("blocked")];
  const known = read + hidden + blocked;
  const unreached = count("unreached");
  status.dataset.kind = clashes > 0 ? "clash" : "good";
  return (
    `Revision ${inForce.revision}: ${read} read, ${hidden > 0 ? `${hidden} header hidden, ` : ""}${blocked} blocked. ` +
    (clashes > 0 ? `Browser and policy disagree on ${clashes} of ${known}.` : `Browser and policy agree on all ${known}.`) +
    (unreached > 0 ? ` ${unreached} unreached: this browser did not load their pages.` : "")
  );
}

async function lookAgain() {
  const before = inForce;
  const response = await fetch("control/state").catch(() => undefined);
  const now = response?.ok ? (await response.json()).in_force : before;
  hear(response !== undefined);
  // What was asked for here meanwhile is newer.
  if (inForce === before && (now.revision !== before.revision || now.text !== before.text)) {
    inForce = now;
    editor.adopt(now);
    askAll();
  }
}

// The panel, if it is open, shows the cell to which a key has moved the focus.
function follow(column, row) {
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
  // Arrow keys go on from here, and Tab into the panel. Not every browser gives a button the focus when it is clicked.
  cell.focus({ preventScroll: true });
  // The panel may lie over it.
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
    explained: inForce.verdicts[column][row],
    ...results[column][row],
  });
}

function closeCell(hadFocus) {
  const cell = matrix.cell(open.column, open.row);
  cell.ariaExpanded = "false";
  open = null;
  // Not while something else is being done, such as typing.
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
