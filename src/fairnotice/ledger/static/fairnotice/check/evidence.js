// The file that people hold, checked offline, with the same rules as `fairnotice verify` (docs/verify.md, "The file,
// exactly"). What is refused is a Refused with `step` (which check failed) and `record` (counted from 1, or null).

import { equal, fromBase64, fromUtf8, Refused, toBase64, utf8 } from "./bytes.js";
import { parseJson } from "./json.js";
import { checkOpenings, parseLeaf, readOpening } from "./leaf.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import { MAX_NOTE_BYTES, readVkey } from "./note.js";
import { openCheckpoint, openPromise, parseProof, PROOF_HEADER } from "./proof.js";

export const FORMAT = "fair-notice-evidence/2";
const EARLIER = "fair-notice-evidence/1";
const KINDS = ["receipt", "statement", "register-entry"];
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_RECORDS = 1_000;
const MAX_OPENINGS = 64;
const ORIGIN = /^[!-*,-~]{1,255}$/; // printable ASCII without space and '+'
const RECORD = /^[0-9a-f]{32}$/;

/** Name what failed: the step, and the record where there is one. The innermost names win. */
async function during(step, work, record = null, count = null) {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof Refused) {
      fault.step ??= step;
      fault.record ??= record;
      fault.count ??= count;
    }
    throw fault;
  }
}

function only(data, names) {
  const exact = data instanceof Map && data.size === names.length && names.every((name) => data.has(name));
  if (!exact) throw new Refused("names", { names: names.join(", ") });
}

function textOf(value, what, longest) {
  if (typeof value !== "string" || !value || utf8(value, what).length > longest) throw new Refused("not-text", { what });
  return value;
}

/** Step 1 to 3: the file as a Map, with the names it must have. */
export function readFile(bytes) {
  if (bytes.length > MAX_BYTES) throw new Refused("too-long", { what: "file" });
  const text = fromUtf8(bytes, "file");
  if (text.startsWith(PROOF_HEADER)) throw new Refused("bare-proof");
  const data = parseJson(text);
  const format = data instanceof Map ? data.get("format") : null;
  if (format === EARLIER) throw new Refused("format-earlier");
  if (format !== FORMAT) throw new Refused("format-other");
  only(data, ["format", "kind", "logs", "records"]);
  if (!KINDS.includes(data.get("kind"))) throw new Refused("kind");
  return data;
}

/** Step 4 and 5: the logs of a file by origin, each with the keys to trust. */
async function readLogs(list, records, trusted) {
  if (!Array.isArray(list) || !list.length || list.length > MAX_RECORDS) throw new Refused("logs-form");
  const used = new Set(Array.isArray(records) ? records.map((one) => (one instanceof Map ? one.get("origin") : null)) : []);
  const logs = new Map();
  for (const one of list) {
    only(one, ["origin", "vkey", "promise_vkey"]);
    const origin = one.get("origin");
    if (typeof origin !== "string" || !ORIGIN.test(origin)) throw new Refused("logs-form");
    if (logs.has(origin)) throw new Refused("logs-twice");
    if (!used.has(origin)) throw new Refused("logs-unused");
    const own = await readVkey(textOf(one.get("vkey"), "key", 1_000));
    if (own.name !== origin) throw new Refused("key-origin");
    const promise = one.get("promise_vkey");
    const ownPromise = promise === null ? null : await readVkey(textOf(promise, "key", 1_000));
    if (ownPromise && ownPromise.name !== `${origin}/promise`) throw new Refused("key-origin");
    logs.set(origin, await trusted(origin, own, ownPromise));
  }
  return logs;
}

/**
 * Whom to trust: the given keys, where any are given, else the file's own. `strict` (as in `fairnotice verify`): with
 * any key given, a log without one is refused. Otherwise each log is judged for itself: those of this page's operator
 * by the page's keys, any other by what its file brings.
 */
async function judge({ vkeys, promiseVkeys, strict }) {
  const given = await Promise.all(vkeys.map(readVkey));
  const givenPromise = await Promise.all(promiseVkeys.map(readVkey));
  return (origin, own, ownPromise) => {
    const ours = given.filter((key) => key.name === origin);
    const promises = givenPromise.filter((key) => key.name === `${origin}/promise`);
    if (strict && given.length && !ours.length) throw new Refused("key-not-given", { name: origin });
    const byGiven = strict ? given.length > 0 : ours.length > 0;
    const promiseByGiven = strict ? givenPromise.length > 0 : ours.length > 0;
    return {
      origin,
      keys: byGiven ? ours : [own],
      promiseKeys: promiseByGiven ? promises : ownPromise ? [ownPromise] : [],
      fromFile: !byGiven,
    };
  };
}

/** Step 6 to 8 for one record, and the form of all that it holds; nothing is compared yet. */
async function readRecord(data, logs, names) {
  only(data, ["record", "origin", "salt", "leaf", "openings", "promise", "proof"]);
  const name = data.get("record");
  if (typeof name !== "string" || !RECORD.test(name)) throw new Refused("record-name");
  if (names.has(name)) throw new Refused("record-twice");
  names.add(name);
  const log = logs.get(data.get("origin"));
  if (!log) throw new Refused("record-log");
  const salt = fromBase64(data.get("salt"), "salt", { length: 32 });
  const leaf = fromBase64(data.get("leaf"), "entry", { longest: 65_535 });
  const parsed = parseLeaf(leaf);
  const list = data.get("openings");
  if (!Array.isArray(list) || list.length > MAX_OPENINGS) throw new Refused("opening-form");
  const openings = list.map(readOpening);
  const proofText = data.get("proof") === null ? null : textOf(data.get("proof"), "proof", 2 * MAX_NOTE_BYTES);
  const promiseText = data.get("promise") === null ? null : textOf(data.get("promise"), "promise", MAX_NOTE_BYTES);
  if (proofText === null && promiseText === null) throw new Refused("record-nothing");
  const read = proofText === null ? null : parseProof(proofText);
  if (read?.extra && !equal(read.extra, leaf)) throw new Refused("proof-extra");
  return { name, log, salt, leaf, parsed, openings, read, promiseText, hash: await leafHash(leaf) };
}

async function openedPromise({ log, hash, promiseText }) {
  if (promiseText === null) return null;
  const promise = await openPromise(promiseText, log.promiseKeys, log.origin);
  if (!equal(promise.leaf, hash)) throw new Refused("promise-entry");
  return promise;
}

async function signedCheckpoint({ log, read }) {
  return read && openCheckpoint(read.checkpoint, log.keys, log.origin);
}

/** Every record by itself, all of one step before the next, so that what is said of a step holds for the whole file. */
async function checkRecords(list) {
  const each = async (step, work) => {
    const done = [];
    for (const [index, item] of list.entries()) done.push(await during(step, () => work(item, index), index + 1, list.length));
    return done;
  };
  await each("fields", ({ parsed, name, salt, openings }) => checkOpenings(parsed, name, salt, openings));
  const promises = await each("promise", openedPromise);
  const signed = await each("signature", signedCheckpoint);
  await each("proof", ({ read, hash }, at) => read && verifyInclusion(read.index, signed[at].size, hash, read.hashes, signed[at].root));
  return list.map(({ name, log, leaf, hash, parsed, openings, read }, at) => ({
    name,
    log,
    leaf,
    hash,
    clearType: parsed.clearType,
    openings,
    promise: promises[at],
    proof: read && { index: read.index, checkpoint: signed[at] },
  }));
}

function refuseFork(records) {
  const roots = new Map();
  for (const { proof, log } of records) {
    if (!proof) continue;
    const place = `${proof.checkpoint.size} ${log.origin}`;
    const root = toBase64(proof.checkpoint.root);
    if ((roots.get(place) ?? root) !== root) throw new Refused("fork", { size: proof.checkpoint.size });
    roots.set(place, root);
  }
}

/**
 * Check a file of evidence. `vkeys` and `promiseVkeys` are the keys to trust; `now` is in seconds since 1970.
 *
 * Returns {kind, data, logs, records, pending, overdue}; throws Refused. `records` hold {name, log, leaf, hash,
 * clearType, openings, promise, proof: {index, checkpoint} or null}.
 */
export async function verifyEvidence(bytes, { vkeys = [], promiseVkeys = [], strict = false, now = null } = {}) {
  const trusted = await judge({ vkeys, promiseVkeys, strict });
  return during("file", async () => {
    const data = readFile(bytes);
    const list = data.get("records");
    const logs = await readLogs(data.get("logs"), list, trusted);
    if (!Array.isArray(list) || !list.length || list.length > MAX_RECORDS) throw new Refused("records-form");
    const names = new Set();
    const read = [];
    for (const [index, record] of list.entries()) {
      read.push(await during("file", () => readRecord(record, logs, names), index + 1, list.length));
    }
    const records = await checkRecords(read);
    await during("signature", () => refuseFork(records));
    const waiting = records.filter((record) => !record.proof);
    const overdue = waiting.filter((record) => now !== null && BigInt(now) > record.promise.deadline);
    return { kind: data.get("kind"), data, logs: [...logs.values()], records, pending: waiting.length > 0, overdue };
  });
}
