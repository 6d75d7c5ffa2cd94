// Everything that is put on the page. Values of a file become text nodes, never markup.

import { hex } from "./bytes.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
export const words = read("check-words");
export const ours = new Map(read("check-logs").map((log) => [log.origin, log]));

/** A sentence with its gaps filled. `group` is faults, notes, labels ... */
export function say(group, code, values = {}) {
  const sentence = words[group][code] ?? words.faults.unexpected;
  return sentence.replace(/\{(\w+)\}/g, (gap, name) => visible(String(values[name] ?? gap)));
}

/** The sentence of a Refused; `what` in its values is the code of a thing. */
export function fault(refused) {
  const { what } = refused.values;
  const values = what ? { ...refused.values, what: words.things[what] ?? what } : refused.values;
  return say("faults", refused.code, values);
}

export const time = (seconds) => `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Text with all that could hide or reorder what stands beside it spelt out; line breaks stay. */
export function visible(text) {
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  return text.replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** An element with attributes and children; a text child is only ever text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A value from JSON, readable: lists as lists, objects as pairs, texts as they are. */
export function valueOf(value) {
  if (value === null) return element("span", { class: "small" }, words.labels.none);
  if (typeof value === "boolean") return element("span", {}, words.labels[value ? "yes" : "no"]);
  if (typeof value === "number") return element("span", {}, String(value));
  if (typeof value === "string") {
    if (!value) return element("span", { class: "small" }, words.labels.empty);
    return element("div", { class: "typed", dir: "auto" }, visible(value));
  }
  if (Array.isArray(value)) {
    if (!value.length) return element("span", { class: "small" }, words.labels.empty);
    return element("ul", {}, ...value.map((item) => element("li", {}, valueOf(item))));
  }
  if (!value.size) return element("span", { class: "small" }, words.labels.empty);
  return pairs([...value], "plain");
}

/** A list of names and values. */
export function pairs(list, kind = "record") {
  const parts = list.flatMap(([name, value]) => [
    element("dt", {}, visible(name)),
    element("dd", {}, value instanceof Node ? value : valueOf(value)),
  ]);
  return element("dl", { class: kind }, ...parts);
}

/** One check: its label, how it went in words, and what there is to say. */
function step({ code, state, notes = [] }) {
  const look = { passed: "done", failed: "failed", open: "current" }[state] ?? "";
  return element(
    "li",
    { class: look || null },
    element("span", { class: "step-state" }, words.states[state]),
    " ",
    element("span", { class: "step-label" }, words.steps[code]),
    ...notes.map((note) => element("p", { class: "hint" }, note)),
  );
}

/** What a record shows, and where it stands. */
function record(one, number, count) {
  const labels = words.labels;
  const title = count > 1 ? say("labels", "opened-one", { number, count }) : labels.opened;
  const opened = one.openings.map(({ path, value }) => [path, value]);
  if (one.clearType !== null) opened.unshift([labels["public-type"], one.clearType]);
  const place = [
    [labels.log, code(one.log.origin)],
    one.proof && [labels.key, code(one.proof.checkpoint.key.vkey)],
    [labels.fingerprint, code(hex(one.hash))],
  ].filter(Boolean);
  const details = element("details", {}, element("summary", {}, labels.place), pairs(place));
  const shown = opened.length ? pairs(opened) : element("p", {}, labels["nothing-opened"]);
  return element("section", {}, element("h3", {}, title), shown, details);
}

const code = (text) => element("code", {}, visible(text));

/** A link that saves text made here; nothing is asked of anybody. */
export function download(label, name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  return element("a", { class: "button", href: url, download: name }, label);
}

const LOOKS = {
  verified: "good", "verified-now": "good", kept: "good", promised: "", "verified-own-key": "warning", overdue: "warning",
  broken: "error", contradiction: "error", refused: "error", unable: "warning",
}; // prettier-ignore

/** Show a result and move the focus to its verdict. */
export function show(box, { verdict, values = {}, reasons = [], steps = [], evidence = null, downloads = [], name, now, again }) {
  const [title, sentence] = words.verdicts[verdict];
  const filled = sentence.replace("{time}", values.time ?? "");
  const heading = element("h2", { id: "check-verdict", tabindex: "-1" }, title);
  const says = [filled, ...reasons].map((text) => element("p", {}, text));
  const print = element("button", { type: "button", class: "button quiet" }, words.labels.print);
  const more = element("button", { type: "button", class: "button quiet" }, words.labels.again);
  print.addEventListener("click", () => window.print());
  more.addEventListener("click", again);
  const parts = [
    element("div", { class: `callout verdict ${LOOKS[verdict]}`.trim() }, heading, ...says),
    element("p", { class: "small" }, say("labels", "checked-file", { name, time: time(now) })),
    element("div", { class: "actions" }, ...downloads, print, more),
  ];
  if (steps.length) {
    parts.push(element("h2", {}, words.labels.steps), element("ol", { class: "steps" }, ...steps.map(step)));
  }
  if (evidence) {
    const { records } = evidence;
    parts.push(
      element("h2", {}, words.labels[evidence.kind]),
      element("p", { class: "hint" }, words.labels.unopened),
      ...records.map((one, index) => record(one, index + 1, records.length)),
    );
  }
  box.replaceChildren(...parts);
  box.hidden = false;
  heading.focus();
}
