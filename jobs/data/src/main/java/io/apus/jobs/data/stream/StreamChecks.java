package io.apus.jobs.data.stream;

import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.RunSpec;
import java.util.ArrayList;
import java.util.List;

/** Settings that a stream cannot honour, refused before anything is read. */
final class StreamChecks {
    private StreamChecks() {}

    /** @throws InvalidSpec with all of them */
    static void require(RunSpec spec) {
        List<String> problems = new ArrayList<>();
        if (spec.model().create() != null) {
            problems.add("model.create: a stream has no end after which a vocabulary could be learnt;"
                    + " name a folder with a tokenizer (--model FOLDER)");
        }
        if (!spec.model().newTokens().isEmpty()) {
            problems.add("new_special_tokens: a stream makes no model folder that could hold them;"
                    + " name a model whose tokenizer has them");
        }
        if (spec.ingest().splitDatasetRatio() > 0) {
            problems.add("split_dataset_ratio: a share of a stream is not known before its end;"
                    + " name a folder for validation (--val_dataset FOLDER)");
        }
        if (!spec.ingest().interleaveProb().isEmpty()) {
            problems.add("interleave_prob: how many rows a stream will have is not known; leave it out");
        }
        FilterChain.of(spec.filter()).steps().stream()
                .filter(step -> step instanceof WholeSetFilter && !step.reason().equals(ExactDuplicateFilter.REASON))
                .forEach(step -> problems.add("filter.filters: " + step.reason()
                        + " judges a sample by all others, and a stream never has all; leave it out"));
        if (!problems.isEmpty()) {
            throw new InvalidSpec(problems);
        }
    }
}
