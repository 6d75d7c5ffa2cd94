// The file and the log as it is now: does today's signed tree still begin with the one in the file, and what became of a
// promise? Only logs of this page's operator are asked; a log elsewhere has a page of its own.

import { equal } from "./bytes.js";
import { inclusionProof, treeRoot, verifyInclusion } from "./merkle.js";
import { formatProof, openCheckpoint } from "./proof.js";
import { fetchCheckpoint, SignedTree } from "./tiles.js";

/**
 * Compare one log. `records` are those of the file in this log, `base` where it is served.
 *
 * Returns {checkpoint: its text, size, outcomes: Map of record -> outcome}. An outcome is {state, ...}: "same" (with
 * index), "kept" (index and proof: the promise was kept), "open" (not there yet, still in time), "broken" (not there, and
 * its time is over). `contradiction` is "fork" or "shrunk" where the log's own signatures contradict each other; nothing
 * else is said then. Throws Refused where the log cannot be reached, or its files do not fit its signature.
 */
export async function compare({ log, base, records, now, progress }) {
  const note = await fetchCheckpoint(base);
  const outcomes = new Map();
  if (!note) {
    if (records.some((record) => record.proof)) return { checkpoint: null, size: 0n, outcomes, contradiction: "shrunk" };
    for (const record of records) outcomes.set(record, unkept(record, now));
    return { checkpoint: null, size: 0n, outcomes };
  }
  const signed = await openCheckpoint(note, log.keys, log.origin);
  const text = new TextDecoder().decode(note);
  const result = { checkpoint: text, size: signed.size, outcomes };
  const proven = records.filter((record) => record.proof);
  if (proven.some((record) => record.proof.checkpoint.size > signed.size)) return { ...result, contradiction: "shrunk" };
  const tree = await new SignedTree(base, signed.size, signed.root).open();
  for (const record of proven) {
    const { size, root } = record.proof.checkpoint;
    if (!equal(await treeRoot(size, tree.read), root)) return { ...result, contradiction: "fork" };
    outcomes.set(record, { state: "same", index: record.proof.index });
  }
  for (const record of records.filter((one) => !one.proof)) {
    const index = await tree.find(record.hash, record.promise.size, progress);
    outcomes.set(record, index === null ? unkept(record, now) : await kept(record, index, signed, tree, text));
  }
  return result;
}

const unkept = (record, now) => ({ state: BigInt(now) > record.promise.deadline ? "broken" : "open" });

async function kept(record, index, signed, tree, text) {
  const hashes = await inclusionProof(index, signed.size, tree.read);
  await verifyInclusion(index, signed.size, record.hash, hashes, signed.root);
  return { state: "kept", index, proof: formatProof(index, hashes, text, record.leaf) };
}

/** The file with the proofs that were found, as text; everything else stays as it was. */
export function completed(data, found) {
  const records = data.get("records").map((record) => {
    const proof = found.get(record.get("record"));
    return proof ? new Map([...record, ["proof", proof]]) : record;
  });
  return JSON.stringify(plain(new Map([...data, ["records", records]])), null, 1);
}

/** What shows a broken promise or a contradiction: the file as it is, and what the log signed when it was looked at. */
export function complaint(data, contradictions, now) {
  const about = { format: "fair-notice-complaint/1", seen: new Date(now * 1000).toISOString(), logs: contradictions };
  return JSON.stringify({ ...about, evidence: plain(data) }, null, 1);
}

function plain(value) {
  if (value instanceof Map) {
    // Without a prototype, so that no name in the file means anything to JavaScript.
    const object = Object.create(null);
    for (const [name, item] of value) object[name] = plain(item);
    return object;
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

