// What a log signs: checkpoints (C2SP tlog-checkpoint), proofs (tlog-proof) and our promises.

import { equal, fromBase64, fromDecimal, fromUtf8, Refused, toBase64, utf8 } from "./bytes.js";
import { emptyRoot, HASH, MAX_PROOF } from "./merkle.js";
import { openNote } from "./note.js";


export const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const PROMISE_HEADER = "fair-notice promise v1";
const MAX_ENTRY_BYTES = 65_535;
const LAST_SECOND = 253402300799n; // end of the year 9999: beyond it no calendar can show the time

/** A checkpoint that one of the keys signed and that is of this origin: {origin, size, root, note, key}. */
export async function openCheckpoint(note, keys, origin) {
  const { text, key } = await openNote(note, keys);
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() !== "") throw new Refused("checkpoint-form");
  const [found, size, root, ...extensions] = lines;
  if (!found || extensions.includes("")) throw new Refused("checkpoint-form");
  const checkpoint = {
    origin: found,
    size: fromDecimal(size, "checkpoint"),
    root: fromBase64(root, "checkpoint", { length: HASH }),
    note,
    key,
  };
  if (checkpoint.size === 0n && !equal(checkpoint.root, await emptyRoot())) throw new Refused("checkpoint-form");
  if (found !== origin) throw new Refused("checkpoint-other", { name: origin });
  return checkpoint;
}

/** Read a `.tlog-proof`: {index, hashes, checkpoint: text, extra}. The checkpoint is not looked at yet. */
export function parseProof(text) {
  const whole = fromUtf8(utf8(text, "proof"), "proof");
  const gap = whole.indexOf("\n\n");
  const lines = gap < 0 ? [] : whole.slice(0, gap).split("\n");
  if (lines.shift() !== PROOF_HEADER) throw new Refused("proof-form");
  let extra = null;
  if (lines.length && lines[0].startsWith("extra ")) {
    extra = fromBase64(lines.shift().slice("extra ".length), "proof", { longest: MAX_ENTRY_BYTES });
  }
  if (!lines.length || !lines[0].startsWith("index ")) throw new Refused("proof-form");
  const index = fromDecimal(lines.shift().slice("index ".length), "proof");
  if (lines.length > MAX_PROOF) throw new Refused("proof-length");
  const hashes = lines.map((line) => fromBase64(line, "proof", { length: HASH }));
  return { index, hashes, checkpoint: whole.slice(gap + 2), extra };
}

/** Text of a `.tlog-proof`; `note` is the signed checkpoint, verbatim. */
export function formatProof(index, hashes, note, extra) {
  const lines = [PROOF_HEADER, `extra ${toBase64(extra)}`, `index ${index}`, ...hashes.map(toBase64)];
  return `${lines.join("\n")}\n\n${note}`;
}

/** A promise that one of the keys signed, for this origin: {origin, leaf, time, delay, deadline, size, key}. */
export async function openPromise(note, keys, origin) {
  const { text, key } = await openNote(note, keys);
  const lines = text.split("\n");
  if (lines.length !== 7 || lines[6] !== "" || lines[0] !== PROMISE_HEADER) throw new Refused("promise-form");
  if (lines[1] !== origin) throw new Refused("promise-other");
  const time = fromDecimal(lines[3], "promise", LAST_SECOND);
  const delay = fromDecimal(lines[4], "promise", LAST_SECOND);
  if (time + delay > LAST_SECOND) throw new Refused("promise-form");
  return {
    origin,
    leaf: fromBase64(lines[2], "promise", { length: HASH }),
    time,
    delay,
    deadline: time + delay,
    size: fromDecimal(lines[5], "promise"),
    key,
  };
}
