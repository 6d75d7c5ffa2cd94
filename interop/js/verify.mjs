// A verifier of our log on @sigstore/verify (checkpoints, inclusion) and @noble/post-quantum (ML-DSA), code
// that nobody of this project wrote; tiles, bundles and consistency proofs stand in tiles.mjs.
//
// It reads one job per line from standard input, as JSON, and answers each with one line of JSON. What a library
// leaves open (other spellings of the same base64, lines between signatures, the format of a proof's file) is
// checked here; log signatures and Merkle paths are checked by @sigstore/verify, ML-DSA-44 by @noble/post-quantum,
// Ed25519 cosignatures by node's own crypto.
import { createHash, verify as verifySignature } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

import { Tree, verifyConsistency } from "./tiles.mjs";

const require = createRequire(import.meta.url);
// The library offers these two only by the file they stand in.
const { verifyTLogInclusion } = require("@sigstore/verify/dist/tlog/index.js");
const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint.js");
const { crypto } = require("@sigstore/core");

const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410 section 4, before the 32 bytes
const TYPES = { log: 1, witness: 4, mldsa: 6 };
const KEY_BYTES = { 1: 32, 4: 32, 6: 1312 };
const SUBTREE = Buffer.from("subtree/v1\n\0", "latin1");

function demand(holds, why) {
  if (!holds) throw new Error(why);
}

/** Bytes of base64 in its only canonical spelling. */
function bytes64(text, length) {
  const data = Buffer.from(text, "base64");
  demand(data.toString("base64") === text, "a text is not canonical base64");
  demand(length === undefined || data.length === length, `${length} bytes are needed, not ${data.length}`);
  return data;
}

/** Text of UTF-8 bytes; node itself would put replacement characters where they are broken. */
function text8(data) {
  const text = data.toString("utf8");
  demand(Buffer.from(text, "utf8").equals(data), "this is not UTF-8");
  return text;
}

function readKey(vkey, type) {
  const [name, id, ...rest] = vkey.split("+");
  const blob = bytes64(rest.join("+"), 1 + KEY_BYTES[type]);
  demand(blob[0] === type, `${name} has a key of another type than ${type}`);
  const hash = createHash("sha256").update(`${name}\n`).update(blob).digest().subarray(0, 4);
  demand(hash.toString("hex") === id, `the short hash of ${name} does not fit`);
  const raw = blob.subarray(1);
  const publicKey = type === 6 ? raw : crypto.createPublicKey(Buffer.concat([ED25519_SPKI, raw]));
  return { name, id: hash, publicKey };
}

const { values } = parseArgs({
  options: { log: { type: "string" }, witness: { type: "string" }, mldsa: { type: "string" } },
});
const keys = {};
for (const [role, type] of Object.entries(TYPES)) if (values[role]) keys[role] = readKey(values[role], type);
const authorities = [{ logID: keys.log.id, baseURL: keys.log.name, publicKey: keys.log.publicKey }];

/** Body and signature lines of a signed note, each line as strict as the specification has it. */
function readNote(data) {
  const text = text8(data);
  const at = text.lastIndexOf("\n\n");
  demand(at >= 0 && text.endsWith("\n"), "this is not a signed note");
  const signatures = text.slice(at + 2, -1).split("\n").map((line) => {
    const match = /^\u2014 ([^ +]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
    demand(match, "a signature line is malformed");
    const blob = bytes64(match[2]);
    return { name: match[1], id: blob.subarray(0, 4), blob: blob.subarray(4) };
  });
  return { text, body: text.slice(0, at + 1), signatures };
}

function signatureOf(note, key) {
  const found = note.signatures.find(({ name, id }) => name === key.name && id.equals(key.id));
  demand(found, `${key.name} did not sign`);
  return found.blob;
}

/** The checkpoint that the log signed; signature and body are the library's to check. */
function checkpoint(data) {
  const note = readNote(data);
  signatureOf(note, keys.log); // the library takes the name on the line for a regular expression
  const seen = verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: note.text } } }, authorities);
  demand(seen.origin === keys.log.name, "the checkpoint is of another log");
  demand(seen.rest.length === 0 && seen.logHash.length === 32, "the checkpoint holds more than size and root");
  return { ...seen, note };
}

function timeOf(blob) {
  const time = blob.readBigUInt64BE(0);
  demand(time > 0n && time < 1n << 63n, "a cosignature has a time that does not exist");
  return time;
}

/** A witness's Ed25519 cosignature (C2SP tlog-cosignature, type 0x04). */
function cosigned(data) {
  const seen = checkpoint(data);
  const blob = signatureOf(seen.note, keys.witness);
  demand(blob.length === 72, "an Ed25519 cosignature has 72 bytes");
  const message = Buffer.from(`cosignature/v1\ntime ${timeOf(blob)}\n${seen.note.body}`, "utf8");
  demand(verifySignature(null, message, keys.witness.publicKey, blob.subarray(8)), "the cosignature is wrong");
  return seen;
}

function named(name) {
  const raw = Buffer.from(name, "utf8");
  return Buffer.concat([Buffer.from([raw.length]), raw]);
}

function uint64(value) {
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(value);
  return raw;
}

/** What an ML-DSA-44 cosigner signs of a whole tree (type 0x06). */
function subtreeMessage(cosigner, time, seen) {
  return Buffer.concat([
    SUBTREE, named(cosigner), uint64(time), named(seen.origin), uint64(0n), uint64(seen.logSize), seen.logHash,
  ]);
}

function mldsa(data) {
  const seen = checkpoint(data);
  const blob = signatureOf(seen.note, keys.mldsa);
  demand(blob.length === 8 + 2420, "an ML-DSA-44 cosignature has 2428 bytes");
  const message = subtreeMessage(keys.mldsa.name, timeOf(blob), seen);
  demand(ml_dsa44.verify(blob.subarray(8), message, keys.mldsa.publicKey), "the ML-DSA cosignature is wrong");
  return seen;
}

/** The lines before the first empty line, and the signed note behind it. */
function split(data) {
  const text = text8(data);
  const at = text.indexOf("\n\n");
  demand(at >= 0, "there is no empty line before the checkpoint");
  return [text.slice(0, at).split("\n"), text.slice(at + 2)];
}

function inclusion(job) {
  const entry = readFileSync(job.entry);
  const [[header, ...lines], envelope] = split(readFileSync(job.file));
  demand(header === PROOF_HEADER, "this is not a tlog-proof");
  if (lines[0]?.startsWith("extra ")) {
    demand(lines.shift() === `extra ${entry.toString("base64")}`, "the extra line is not the entry");
  }
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "");
  demand(index, "there is no index");
  const hashes = lines.map((line) => bytes64(line, 32));
  checkpoint(Buffer.from(envelope, "utf8"));
  const inclusionProof = { logIndex: index[1], hashes, checkpoint: { envelope } };
  verifyTLogInclusion({ inclusionProof, canonicalizedBody: entry }, authorities);
}

/** What a log sends to a witness (C2SP tlog-witness, add-checkpoint), against the older note. */
function consistency(job) {
  const [[first, ...lines], note] = split(readFileSync(job.file));
  const before = checkpoint(readFileSync(job.old));
  demand(first === `old ${before.logSize}`, "the request begins at another size than the older checkpoint's");
  const proof = lines.map((line) => bytes64(line, 32));
  verifyConsistency(before, checkpoint(Buffer.from(note, "utf8")), proof);
}

function tree(job) {
  return new Tree(job.log, checkpoint(readFileSync(job.checkpoint)));
}

/** The other direction: adds an ML-DSA cosignature by the key of a seed to a note, and gives the key's vkey. */
function cosign(job) {
  const seen = checkpoint(readFileSync(job.file));
  const { secretKey, publicKey } = ml_dsa44.keygen(bytes64(job.seed, 32));
  const blob = Buffer.concat([Buffer.from([TYPES.mldsa]), publicKey]);
  const id = createHash("sha256").update(`${job.name}\n`).update(blob).digest().subarray(0, 4);
  const time = BigInt(job.time);
  const signature = ml_dsa44.sign(subtreeMessage(job.name, time, seen), secretKey);
  const line = Buffer.concat([id, uint64(time), signature]).toString("base64");
  writeFileSync(job.folder, `${seen.note.text}\u2014 ${job.name} ${line}\n`);
  return { vkey: `${job.name}+${id.toString("hex")}+${blob.toString("base64")}` };
}

const CHECKS = {
  checkpoint: (job) => ({ size: Number(checkpoint(readFileSync(job.file)).logSize) }),
  cosigned: (job) => ({ size: Number(cosigned(readFileSync(job.file)).logSize) }),
  mldsa: (job) => ({ size: Number(mldsa(readFileSync(job.file)).logSize) }),
  inclusion,
  consistency,
  tile: (job) => tree(job).checkPath(job.path),
  bundle: (job) => tree(job).checkPath(job.path),
  log: (job) => ({ tiles: tree(job).checkAll() }),
  cosign,
};

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    const job = JSON.parse(line);
    demand(Object.hasOwn(CHECKS, job.kind), `no job of the kind ${job.kind} is known`);
    said = { ok: true, ...CHECKS[job.kind](job) };
  } catch (fault) {
    said = { ok: false, why: fault.message };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
