// A verifier of our log on golang.org/x/mod/sumdb (note and tlog), code that nobody of this project wrote.
//
// It reads one job per line from standard input, as JSON, and answers each with one line of JSON. What a
// library leaves open (other spellings of the same base64, the format of a proof's file) is checked here; every
// signature, hash, proof and tile is checked by the library or by Go's own crypto/ed25519.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// job is one thing to check; which fields it has depends on its kind.
type job struct {
	Kind       string   `json:"kind"`
	File       string   `json:"file"`       // what is checked
	Checkpoint string   `json:"checkpoint"` // signed note that a tile, bundle or log belongs to
	Entry      string   `json:"entry"`      // inclusion: file with the entry's bytes
	Old        string   `json:"old"`        // consistency: the older signed note
	Log        string   `json:"log"`        // folder that holds tile/
	Path       string   `json:"path"`       // tile or bundle, e.g. tile/0/001.p/4
	Folder     string   `json:"folder"`     // make: where to write
	Seed       string   `json:"seed"`       // make: base64 of the 32-byte Ed25519 seed of the log's key
	Cosigner   string   `json:"cosigner"`   // make: base64 of the seed of the witness's key
	Count      int      `json:"count"`      // make: number of entries
	Sizes      []int    `json:"sizes"`      // make: published sizes
	Prove      [][2]int `json:"prove"`      // make: [size, index] of proofs to write
}

// answer says whether the job's thing was accepted, and why not.
type answer struct {
	OK    bool   `json:"ok"`
	Why   string `json:"why,omitempty"`
	Size  int64  `json:"size,omitempty"`
	Tiles int    `json:"tiles,omitempty"`
}

// keys are the public keys that this process trusts.
type keys struct {
	log     note.Verifier
	witness note.Verifier // nil when none was given
}

func (k keys) do(j job) (answer, error) {
	switch j.Kind {
	case "checkpoint":
		tree, err := k.checkpoint(j.File, false)
		return answer{Size: tree.N}, err
	case "cosigned":
		tree, err := k.checkpoint(j.File, true)
		return answer{Size: tree.N}, err
	case "inclusion":
		return answer{}, k.inclusion(j)
	case "consistency":
		return answer{}, k.consistency(j)
	case "tile":
		return answer{}, k.tile(j)
	case "bundle":
		return answer{}, k.bundle(j)
	case "log":
		tiles, err := k.wholeLog(j)
		return answer{Tiles: tiles}, err
	case "make":
		return answer{}, makeLog(j, k.log.Name())
	}
	return answer{}, fmt.Errorf("no job of the kind %q is known", j.Kind)
}

func main() {
	logKey := flag.String("log", "", "the log's vkey")
	witnessKey := flag.String("witness", "", "the witness's vkey (type 4)")
	flag.Parse()
	trusted, err := readKeys(*logKey, *witnessKey)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var j job
		var said answer
		err := json.Unmarshal(lines.Bytes(), &j)
		if err == nil {
			said, err = trusted.do(j)
		}
		said.OK = err == nil
		if err != nil {
			said.Why = err.Error()
		}
		if err := out.Encode(said); err != nil {
			os.Exit(2)
		}
	}
}

func readKeys(logKey, witnessKey string) (keys, error) {
	var k keys
	var err error
	if k.log, err = note.NewVerifier(logKey); err != nil {
		return k, fmt.Errorf("the log's vkey: %w", err)
	}
	if witnessKey != "" {
		if k.witness, err = newCosignatureVerifier(witnessKey); err != nil {
			return k, fmt.Errorf("the witness's vkey: %w", err)
		}
	}
	return k, nil
}

// sameHash reports whether text is the one canonical spelling of a hash, and gives the hash.
func parseHash(text string) (tlog.Hash, error) {
	hash, err := tlog.ParseHash(text)
	if err == nil && hash.String() != text {
		err = fmt.Errorf("a hash is not spelled in canonical base64")
	}
	return hash, err
}
