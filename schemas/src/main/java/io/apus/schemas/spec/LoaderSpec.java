package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of reading rows ahead of the training. */
@Group
public record LoaderSpec(
        @Doc("threads of a rank that read rows ahead; 0 reads them when they are needed") Integer dataloaderNumWorkers,
        @Doc("batches of a forward pass that each of them keeps ready") Integer dataloaderPrefetchFactor) {
    public LoaderSpec {
        dataloaderNumWorkers = orElse(dataloaderNumWorkers, 1);
        dataloaderPrefetchFactor = orElse(dataloaderPrefetchFactor, 2);
        new Problems("train")
                .notNegative("dataloader_num_workers", dataloaderNumWorkers)
                .positive("dataloader_prefetch_factor", dataloaderPrefetchFactor)
                .throwIfAny();
    }

    static LoaderSpec defaults() {
        return new LoaderSpec(null, null);
    }
}
