// Judges objects with the evaluators of the tools: Flux's own for its expressions, Argo CD's Lua for its scripts.
//
// Reads {"flux": [entry], "argocd": {kind: script}, "objects": [object]} and writes for each object
// {"flux": status, "error": text, "argocd": status, "message": text}.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Flux    []kustomize.CustomHealthCheck `json:"flux"`
	Argocd  map[string]string             `json:"argocd"`
	Objects []unstructured.Unstructured   `json:"objects"`
}

type answer struct {
	Flux    string `json:"flux"`
	Error   string `json:"error"`
	Argocd  string `json:"argocd"`
	Message string `json:"message"`
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	evaluators := map[string]*cel.StatusEvaluator{}
	for _, entry := range asked.Flux {
		made, err := cel.NewStatusEvaluator(&entry.HealthCheckExpressions)
		must(err)
		evaluators[entry.Kind] = made
	}
	answers := make([]answer, len(asked.Objects))
	for i := range asked.Objects {
		object := &asked.Objects[i]
		found, err := evaluators[object.GetKind()].Evaluate(context.Background(), object)
		if err != nil {
			answers[i].Error = err.Error()
		} else {
			answers[i].Flux = found.Status.String()
		}
		answers[i].Argocd, answers[i].Message = run(asked.Argocd[object.GetKind()], object.Object)
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

// run gives a script all libraries, as Argo CD does where useOpenLibs is true.
func run(script string, object map[string]any) (string, string) {
	state := lua.NewState()
	defer state.Close()
	state.SetGlobal("obj", value(state, object))
	must(state.DoString(script))
	table := state.Get(-1).(*lua.LTable)
	return lua.LVAsString(table.RawGetString("status")), lua.LVAsString(table.RawGetString("message"))
}

func value(state *lua.LState, from any) lua.LValue {
	switch typed := from.(type) {
	case map[string]any:
		table := state.NewTable()
		for key, one := range typed {
			table.RawSetString(key, value(state, one))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, one := range typed {
			table.Append(value(state, one))
		}
		return table
	case string:
		return lua.LString(typed)
	case bool:
		return lua.LBool(typed)
	case int64:
		return lua.LNumber(typed)
	case float64:
		return lua.LNumber(typed)
	}
	return lua.LNil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
