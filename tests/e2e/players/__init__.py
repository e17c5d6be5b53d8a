"""Those who play what no test machine has: machines, kubelets, storage and the controllers of KAITO and Helm."""
