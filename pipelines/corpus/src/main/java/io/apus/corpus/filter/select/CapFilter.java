package io.apus.corpus.filter.select;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.corpus.filter.text.WordScan;
import io.apus.schemas.data.SampleKey;

/**
 * Keeps at most so many samples of each dataset, chosen at random by {@link #rank}.
 *
 * @param perDataset most samples of one dataset, its validation rows included
 * @param seed another seed chooses other samples
 */
public record CapFilter(int perDataset, int seed) implements WholeSetFilter {
    public static final String REASON = "cap";

    /** Reads the options. */
    public static WholeSetFilter of(FilterOptions options) {
        int perDataset = options.integer("per_dataset", 0, "most rows of each dataset; must be given");
        options.require(
                perDataset > 0 || !options.has("per_dataset"), "per_dataset", "must be above 0, is " + perDataset);
        options.require(options.has("per_dataset"), "per_dataset", "say how many rows of each dataset are kept");
        return new CapFilter(perDataset, options.integer("seed", 42, "seed of the choice"));
    }

    @Override
    public String reason() {
        return REASON;
    }

    /** The samples of smallest rank stay; it depends on the seed and the key alone. */
    public long rank(SampleKey key) {
        long hash = WordScan.mix(seed + 1L);
        hash = WordScan.mix(hash ^ key.datasetIndex());
        hash = WordScan.mix(hash ^ key.row());
        return WordScan.mix(hash ^ key.copy());
    }

    /** The detail of a sample that is not among the chosen. */
    public String detail() {
        return "not among the " + perDataset + " rows chosen of its dataset with seed " + seed;
    }
}
