"""The files that are looked for in the folder that the command runs in, which is the repository's root in CI."""

POLICY, EXEMPTIONS, FLEET = "kaitops-policy.yaml", "kaitops-exemptions.yaml", "fleet.yaml"
