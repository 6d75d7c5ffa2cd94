package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	algCosignature = 4
	treeHeader     = "go.sum database tree\n" // the only first line that tlog.ParseTree reads
)

// cosigner is a witness's Ed25519 key (C2SP tlog-cosignature, type 0x04) as a note.Verifier.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

// Verify checks a blob of 8 bytes of time and 64 bytes of signature over "cosignature/v1".
func (c *cosigner) Verify(text, blob []byte) bool {
	if len(blob) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(blob)
	if time == 0 || time > math.MaxInt64 {
		return false
	}
	return ed25519.Verify(c.key, cosignatureMessage(time, text), blob[8:])
}

func cosignatureMessage(time uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
}

func cosignerHash(name string, key ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n\x04"), key...))
	return binary.BigEndian.Uint32(sum[:])
}

func newCosignatureVerifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not name+hash+key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil || len(parts[1]) != 8 {
		return nil, errors.New("the short hash is not 8 hexadecimal digits")
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algCosignature {
		return nil, errors.New("not an Ed25519 key for cosignatures")
	}
	c := &cosigner{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}
	if cosignerHash(c.name, c.key) != c.hash {
		return nil, errors.New("the short hash does not fit")
	}
	return c, nil
}

// checkpoint opens the signed note in a file; see openCheckpoint.
func (k keys) checkpoint(file string, cosigned bool) (tlog.Tree, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	return k.openCheckpoint(data, cosigned)
}

// openCheckpoint gives the tree that the log signed, and the witness too where cosigned is set.
func (k keys) openCheckpoint(data []byte, cosigned bool) (tlog.Tree, error) {
	wanted := []note.Verifier{k.log}
	if cosigned {
		if k.witness == nil {
			return tlog.Tree{}, errors.New("no key of a witness is known")
		}
		wanted = append(wanted, k.witness)
	}
	opened, err := note.Open(data, note.VerifierList(wanted...))
	if err != nil {
		return tlog.Tree{}, err
	}
	for _, verifier := range wanted {
		found := false
		for _, signature := range opened.Sigs {
			found = found || signature.Name == verifier.Name() && signature.Hash == verifier.KeyHash()
		}
		if !found {
			return tlog.Tree{}, fmt.Errorf("%s did not sign", verifier.Name())
		}
	}
	for _, signature := range append(opened.Sigs, opened.UnverifiedSigs...) {
		// The library passes over line ends and unused bits in base64: several spellings of one signature.
		if _, err := base64.StdEncoding.Strict().DecodeString(signature.Base64); err != nil {
			return tlog.Tree{}, errors.New("a signature is not spelled in canonical base64")
		}
	}
	header := k.log.Name() + "\n"
	if !strings.HasPrefix(opened.Text, header) {
		return tlog.Tree{}, errors.New("the checkpoint is of another log")
	}
	body := strings.TrimPrefix(opened.Text, header)
	tree, err := tlog.ParseTree([]byte(treeHeader + body))
	if err == nil && treeHeader+body != string(tlog.FormatTree(tree)) {
		err = errors.New("the checkpoint holds more than size and root")
	}
	return tree, err
}
