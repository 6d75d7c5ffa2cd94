// The page "Check this proof": takes a file from the person, checks it in this browser, compares it with the log.

import { Refused } from "./bytes.js";
import { whyNot } from "./ed25519.js";
import { verifyEvidence } from "./evidence.js";
import { compare, complaint, completed } from "./live.js";
import { download, fault, ours, say, show, time, words } from "./show.js";

const ORDER = ["file", "fields", "promise", "signature", "proof", "key", "now"];
const at = (id) => document.getElementById(id);
const [box, status, stopping] = ["check-result", "check-status", "check-stopping"].map(at);
let running = 0; // a newer check makes an older one give up
let stopped = false;

class Stopped extends Error {}

const announce = (text) => (status.textContent = text);

/** What the checks that need no connection say, one entry for each step. */
function offline(evidence) {
  const { records, logs } = evidence;
  const proven = records.filter((record) => record.proof);
  const promised = records.filter((record) => record.promise);
  const partly = proven.length < records.length ? [words.notes["some-proof"]] : [];
  const without = { state: "later", notes: [words.notes["no-proof"]] };
  const fields = records.reduce((sum, record) => sum + record.openings.length, 0);
  const entries = proven.map(({ proof, log }) =>
    say("notes", "entry", { number: proof.index + 1n, size: proof.checkpoint.size, origin: log.origin }),
  );
  const promises = promised.map(({ promise }) =>
    say("notes", "promise", { time: time(promise.time), deadline: time(promise.deadline) }),
  );
  const foreign = logs.filter((log) => log.fromFile);
  const keys = foreign.map((log) => say("notes", "key-file", { origin: log.origin, vkey: log.keys[0].vkey }));
  if (foreign.length < logs.length) keys.unshift(words.notes["key-ours"]);
  return [
    { code: "file", state: "passed", notes: [words.labels[evidence.kind]] },
    { code: "fields", state: "passed", notes: [say("notes", "fields", { number: fields })] },
    { code: "promise", ...(promised.length ? { state: "passed", notes: promises } : { state: "none", notes: [words.notes["no-promise"]] }) },
    { code: "signature", ...(proven.length ? { state: "passed", notes: partly } : without) },
    { code: "proof", ...(proven.length ? { state: "passed", notes: entries } : without) },
    { code: "key", state: foreign.length ? "open" : "passed", notes: keys },
  ];
}

/** The steps of a refused file: those before the one that failed passed, those after were not looked at. */
function refusedSteps(refused, reason) {
  const failed = ORDER.indexOf(refused.step ?? "file");
  return ORDER.map((code, index) => ({
    code,
    state: index < failed ? "passed" : index === failed ? "failed" : "skipped",
    notes: index === failed ? [reason] : [],
  }));
}

/** Compare with each log of ours: the step's entry, and all that was found. */
async function online(evidence, now, mine) {
  const seen = { notes: [], outcomes: new Map(), contradictions: [], checkpoints: [], proofs: new Map(), failed: false };
  for (const log of evidence.logs) {
    const { origin } = log;
    const records = evidence.records.filter((record) => record.log === log);
    if (!ours.has(origin)) {
      seen.notes.push(say("notes", "now-other", { origin }));
      seen.failed = true;
      continue;
    }
    const progress = (done, all) => {
      if (stopped || mine !== running) throw new Stopped();
      announce(say("labels", "searching", { done, all }));
    };
    try {
      const found = await compare({ log, base: ours.get(origin).base, records, now, progress });
      seen.checkpoints.push({ origin, vkeys: log.keys.map((key) => key.vkey), checkpoint: found.checkpoint });
      if (found.contradiction) {
        seen.contradictions.push(origin);
        seen.notes.push(say("notes", `now-${found.contradiction}`, { size: found.size, origin }));
      }
      for (const [record, outcome] of found.outcomes) {
        seen.outcomes.set(record, outcome);
        if (outcome.proof) seen.proofs.set(record.name, outcome.proof);
        const number = outcome.index === undefined ? "" : outcome.index + 1n;
        seen.notes.push(say("notes", `now-${outcome.state}`, { number, size: found.size, origin }));
      }
    } catch (problem) {
      if (!(problem instanceof Refused || problem instanceof Stopped)) throw problem;
      seen.failed = true;
      const stop = problem instanceof Stopped;
      seen.notes.push(stop ? words.notes["now-stopped"] : say("notes", "now-failed", { reason: fault(problem) }));
    }
  }
  seen.notes = [...new Set(seen.notes)];
  return seen;
}

/** The one thing that is said first: the worst that was found. */
function verdictOf(evidence, seen) {
  const states = new Set([...seen.outcomes.values()].map((outcome) => outcome.state));
  const waiting = evidence.records.filter((record) => !record.proof && seen.outcomes.get(record)?.state !== "kept");
  const latest = waiting.map((record) => record.promise.deadline).sort((a, b) => (a < b ? -1 : 1));
  const broken = waiting.filter((record) => seen.outcomes.get(record)?.state === "broken");
  if (seen.contradictions.length) return ["contradiction"];
  if (broken.length) return ["broken", { time: time(broken[0].promise.deadline) }];
  if (waiting.some((record) => evidence.overdue.includes(record))) return ["overdue", { time: time(latest[0]) }];
  if (evidence.logs.some((log) => log.fromFile) && !waiting.length) return ["verified-own-key"];
  if (waiting.length) return ["promised", { time: time(latest[0]) }];
  if (states.has("kept")) return ["kept"];
  return [seen.failed ? "verified" : "verified-now"];
}

function nowStep(verdict, seen) {
  const bad = verdict === "broken" || verdict === "contradiction";
  const open = [...seen.outcomes.values()].some((outcome) => outcome.state === "open");
  return { code: "now", state: bad ? "failed" : seen.failed ? "skipped" : open ? "open" : "passed", notes: seen.notes };
}

function downloadsOf(verdict, evidence, seen, name, now) {
  const stem = name.replace(/\.json$/i, "");
  const links = [];
  if (seen.proofs.size) {
    links.push(download(words.labels["download-completed"], `${stem}-completed.json`, completed(evidence.data, seen.proofs)));
  }
  if (verdict === "broken" || verdict === "contradiction") {
    const text = complaint(evidence.data, seen.checkpoints, now);
    links.push(download(words.labels["download-evidence"], `${stem}-evidence.json`, text));
  }
  return links;
}

function keysOf(kind) {
  return [...ours.values()].flatMap((log) => log[kind]);
}

/** Check these bytes and show what was found. */
async function check(bytes, name) {
  const mine = ++running;
  const now = Math.floor(Date.now() / 1000);
  stopped = false;
  box.hidden = true;
  announce(words.labels.checking);
  const said = { name, now, again };
  try {
    const evidence = await verifyEvidence(bytes, { vkeys: keysOf("vkeys"), promiseVkeys: keysOf("promise_vkeys"), now });
    announce(words.labels.comparing);
    stopping.hidden = false;
    const seen = await online(evidence, now, mine);
    if (mine !== running) return;
    const [verdict, values] = verdictOf(evidence, seen);
    const steps = [...offline(evidence), nowStep(verdict, seen)];
    const downloads = downloadsOf(verdict, evidence, seen, name, now);
    const own = evidence.logs.some((log) => log.fromFile) && verdict !== "verified-own-key";
    const reasons = own ? [words.verdicts["verified-own-key"][1]] : [];
    show(box, { ...said, verdict, values, reasons, steps, evidence, downloads });
  } catch (problem) {
    if (mine !== running) return;
    const refused = problem instanceof Refused ? problem : new Refused("unexpected");
    const { record: number, count } = refused;
    const reason = count > 1 ? say("notes", "record", { number, count, sentence: fault(refused) }) : fault(refused);
    if (problem === refused) show(box, { ...said, verdict: "refused", reasons: [reason], steps: refusedSteps(refused, reason) });
    else show(box, { ...said, verdict: "unable", reasons: [reason] });
  } finally {
    if (mine === running) {
      stopping.hidden = true;
      announce("");
    }
  }
}

/** Back to the beginning: nothing of the last file stays on the page. */
function again() {
  running += 1;
  box.replaceChildren();
  box.hidden = true;
  at("check-file").value = "";
  at("check-text").value = "";
  at("check-file").focus();
}

async function take(file) {
  if (file) await check(new Uint8Array(await file.arrayBuffer()), file.name);
}

function prepare() {
  const drop = at("check-drop");
  const over = (on) => drop.classList.toggle("over", on);
  at("check-file").addEventListener("change", (event) => take(event.target.files[0]));
  at("check-paste").addEventListener("click", () => {
    check(new TextEncoder().encode(at("check-text").value.trim()), words.labels.pasted);
  });
  at("check-stop").addEventListener("click", () => (stopped = true));
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? over(false));
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    over(false);
    take(event.dataTransfer.files[0]);
  });
  window.addEventListener("beforeprint", () => {
    for (const folded of box.querySelectorAll("details")) folded.open = true;
  });
  at("check-choose").hidden = false;
  at("check-unable").hidden = true;
}

const reason = await whyNot();
if (reason) at("check-why").textContent = `${say("faults", reason)} ${words.verdicts.unable[1]}`;
else prepare();
