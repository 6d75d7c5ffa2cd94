package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1"

// split gives the lines before the first empty line, and the signed note after it.
func split(data []byte) ([]string, []byte, error) {
	head, rest, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		return nil, nil, errors.New("there is no empty line before the checkpoint")
	}
	return strings.Split(string(head), "\n"), rest, nil
}

// number reads a decimal in its only spelling.
func number(line, word string) (int64, error) {
	text := strings.TrimPrefix(line, word+" ")
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < 0 || line != fmt.Sprintf("%s %d", word, value) {
		return 0, fmt.Errorf("there is no line with '%s' and a number", word)
	}
	return value, nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range lines {
		hash, err := parseHash(line)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

// inclusion checks a tlog-proof file for the entry in another file.
func (k keys) inclusion(j job) error {
	data, err := os.ReadFile(j.File)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(j.Entry)
	if err != nil {
		return err
	}
	lines, signed, err := split(data)
	if err != nil {
		return err
	}
	if lines[0] != proofHeader {
		return errors.New("this is not a tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		// Our log puts the entry there. The format does not sign this line, so it has to be that and no other.
		if lines[0] != "extra "+base64.StdEncoding.EncodeToString(entry) {
			return errors.New("the extra line is not the entry")
		}
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return errors.New("the proof is cut short")
	}
	index, err := number(lines[0], "index")
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	tree, err := k.openCheckpoint(signed, false)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

// consistency checks what a log sends to a witness (C2SP tlog-witness, add-checkpoint) against the older note.
func (k keys) consistency(j job) error {
	data, err := os.ReadFile(j.File)
	if err != nil {
		return err
	}
	lines, signed, err := split(data)
	if err != nil {
		return err
	}
	size, err := number(lines[0], "old")
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	old, err := k.checkpoint(j.Old, false)
	if err != nil {
		return fmt.Errorf("the older checkpoint: %w", err)
	}
	if size != old.N {
		return errors.New("the request begins at another size than the older checkpoint's")
	}
	tree, err := k.openCheckpoint(signed, false)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, tree.N, tree.Hash, old.N, old.Hash)
}
