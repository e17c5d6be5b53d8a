"""The situations that a workload may be in, one a module, and the order in which they are looked for.

Owns the order: what ends a matter by itself (a Job that is done) first, then along the chain of steps, the particular
before the general, and what only waits last.
"""

from kaitops.live.finding import Rule
from kaitops.live.rules import (
    benchmark_failed,
    capacity,
    claim_leaving,
    crash,
    does_not_fit,
    download_failed,
    drift,
    driver_mismatch,
    driver_missing,
    driver_waits,
    evicted,
    gated_model,
    gpu_fault,
    gpu_memory,
    host_memory,
    hub_unreachable,
    image_pull,
    job_done,
    job_failed,
    job_retries,
    launch_failed,
    loading,
    lost_readiness,
    machine_waits,
    missing_config,
    missing_key,
    missing_secret,
    no_node,
    node_class,
    node_labels,
    node_lost,
    panic,
    pool_refused,
    probe,
    quota,
    rag_edit,
    refused,
    rights,
    role_labels,
    rollout,
    route_backend,
    route_gateway,
    route_refused,
    route_unattached,
    route_waits,
    scaled_to_zero,
    scaling,
    start_error,
    starting_up,
    storage_class,
    template_differs,
    unknown_preset,
    unknown_size,
    unplaced,
    unseen,
    wrong_flag,
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(
    module.RULE
    for module in (
        job_done, job_failed, job_retries,
        unknown_preset, unknown_size, does_not_fit, node_labels, missing_config, missing_key, missing_secret,
        storage_class, node_class, pool_refused, hub_unreachable, refused, panic,
        quota, capacity, rights, launch_failed, drift, claim_leaving, node_lost, driver_missing, role_labels, unplaced,
        image_pull, evicted, gated_model, download_failed, gpu_memory, host_memory, wrong_flag, driver_mismatch,
        gpu_fault, start_error, probe, crash, lost_readiness, benchmark_failed, scaled_to_zero,
        rollout, rag_edit, scaling, template_differs,
        route_unattached, route_refused, route_backend, route_gateway, route_waits,
        unseen, no_node, machine_waits, driver_waits, starting_up, loading,
    )
)  # fmt: skip
"""In the order in which they are looked for."""
