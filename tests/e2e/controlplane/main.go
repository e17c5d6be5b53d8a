// Command controlplane is a Kubernetes control plane in one file, for tests on a machine without a cluster.
//
// It holds nothing of its own: the first argument, or the name by which it was called, chooses one of the upstream
// programs, which gets the other arguments. kubectl is among them: it costs little beside the servers. One file in place of four shares the libraries that they have in common, so
// it takes a third of the space and of the time to build.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

// programs are the parts by the names that upstream gives them. Constructors, not commands: each registers flags and
// gates of the whole process.
var programs = map[string]func(args []string) int{
	"etcd": func(args []string) int {
		etcdmain.Main(args)
		return 0
	},
	"kubectl":                 kubectlProgram,
	"kube-apiserver":          cobraProgram(apiserver.NewAPIServerCommand),
	"kube-controller-manager": cobraProgram(controllermanager.NewControllerManagerCommand),
	"kube-scheduler":          cobraProgram(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
}

// cobraProgram runs a command of Kubernetes' as its own main function does.
func cobraProgram(command func() *cobra.Command) func(args []string) int {
	return func(args []string) int {
		// The commands read the arguments of the process, not ones that are handed to them.
		os.Args = args
		return cli.Run(command())
	}
}

// kubectlProgram ends with the code that scripts know kubectl by: `diff` answers with it.
func kubectlProgram(args []string) int {
	os.Args = args
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
	return 0
}

func main() {
	args := os.Args
	args[0] = filepath.Base(args[0])
	if _, known := programs[args[0]]; !known && len(args) > 1 {
		args = args[1:]
	}
	program, known := programs[args[0]]
	if !known {
		names := make([]string, 0, len(programs))
		for name := range programs {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "usage: controlplane {%s} [flag...]\n", strings.Join(names, "|"))
		os.Exit(2)
	}
	os.Exit(program(args))
}
