"""Health for Argo CD: entries of the ConfigMap ``argocd-cm``, and the forms in which they get there.

Owns the keys and the script for Argo CD's own Application, which makes waves of an app of apps wait for each other.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject
from kaitops.health import kinds, lua

# Argo CD leaves what is missing, and a child that it cannot judge, out of an Application's health: without a look at
# the sync an Application that has applied nothing yet counts as healthy, and the next wave starts.
_APPLICATION = """\
-- Application.argoproj.io, made by kaitops: as well as what it deploys, once all of that is applied.
local status = obj.status or {}
local operation = status.operationState or {}
local sync = status.sync or {}
if obj.metadata.deletionTimestamp ~= nil then return { status = "Progressing", message = "Being deleted" } end
if obj.operation ~= nil or operation.phase == "Running" then
  return { status = "Progressing", message = operation.message or "A sync is under way" }
end
if operation.phase == "Error" or operation.phase == "Failed" then
  return { status = "Degraded", message = operation.message or "The last sync failed" }
end
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "InvalidSpecError" then return { status = "Degraded", message = condition.message } end
  if condition.type == "ComparisonError" then return { status = "Progressing", message = condition.message } end
end
if status.health == nil or status.health.status == nil or sync.status == nil or sync.status == "Unknown" then
  return { status = "Progressing", message = "Argo CD has not compared it yet" }
end
for _, resource in ipairs(status.resources or {}) do
  if sync.status ~= "Synced" and resource.status ~= "Synced" and not resource.requiresPruning then
    return { status = "Progressing", message = resource.kind .. " " .. resource.name .. " is not as declared yet" }
  end
end
return { status = status.health.status, message = status.health.message or "" }
"""


def customizations(version: str) -> dict[str, str]:
    """Entries of ``argocd-cm``: for each kind a script, and the leave to use Lua's library in it.

    Raises:
        BadInput: there are no facts about health for the version.
    """
    entries: dict[str, str] = {}
    for one in kinds.definitions(version).values():
        name = f"{one.group}_{one.kind}"
        entries[f"resource.customizations.health.{name}"] = lua.script(one)
        # Causes stand in messages, and Argo CD keeps the functions that search a text from scripts unless told so.
        entries[f"resource.customizations.useOpenLibs.{name}"] = "true"
    entries["resource.customizations.health.argoproj.io_Application"] = _APPLICATION
    return entries


def values(entries: Mapping[str, str]) -> MutableObject:
    """Values of the argo-cd chart with these entries."""
    return {"configs": {"cm": dict(entries)}}
