// Reads texts as those do who stand between a file and a cluster: kubectl's decoder, sigs.k8s.io/yaml, kustomize.
//
// Each line of the input is a JSON string; each line of the output {"kubectl", "sigs", "kustomize"}, each of them
// {"documents": [value]} or {"error": text}. sigs.k8s.io/yaml reads the first document only.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/yaml"
)

type reading struct {
	Documents []json.RawMessage `json:"documents"`
	Error     string            `json:"error,omitempty"`
}

type answer struct {
	Kubectl   reading `json:"kubectl"`
	Sigs      reading `json:"sigs"`
	Kustomize reading `json:"kustomize"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var text string
			if err := json.Unmarshal(line, &text); err != nil {
				log.Fatal(err)
			}
			raw := []byte(text)
			if err := encoder.Encode(answer{guarded(kubectl, raw), guarded(sigs, raw), guarded(kustomize, raw)}); err != nil {
				log.Fatal(err)
			}
		}
		if errors.Is(err, io.EOF) {
			return
		}
	}
}

// guarded takes a panic of a reader for a refusal: the program that reads would end.
func guarded(read func([]byte) ([]json.RawMessage, error), raw []byte) (found reading) {
	defer func() {
		if cause := recover(); cause != nil {
			found = reading{Error: fmt.Sprint("panic: ", cause)}
		}
	}()
	documents, err := read(raw)
	if err != nil {
		return reading{Error: err.Error()}
	}
	return reading{Documents: documents}
}

// kubectl decodes a stream as the builder of kubectl's resources does, which passes over what is empty or null.
func kubectl(raw []byte) ([]json.RawMessage, error) {
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(raw), 4096)
	found := []json.RawMessage{}
	for {
		var held runtime.RawExtension
		if err := decoder.Decode(&held); err != nil {
			if errors.Is(err, io.EOF) {
				return found, nil
			}
			return nil, err
		}
		text := bytes.TrimSpace(held.Raw)
		if len(text) > 0 && !bytes.Equal(text, []byte("null")) {
			found = append(found, append(json.RawMessage{}, text...))
		}
	}
}

func sigs(raw []byte) ([]json.RawMessage, error) {
	text, err := yaml.YAMLToJSON(raw)
	return []json.RawMessage{text}, err
}

// kustomize reads a file of resources; what is said is how it would say it to the cluster.
func kustomize(raw []byte) ([]json.RawMessage, error) {
	nodes, err := (&kio.ByteReader{Reader: bytes.NewReader(raw), OmitReaderAnnotations: true}).Read()
	if err != nil {
		return nil, err
	}
	found := []json.RawMessage{}
	for _, node := range nodes {
		text, err := node.MarshalJSON()
		if err != nil {
			return nil, err
		}
		found = append(found, text)
	}
	return found, nil
}
