package io.apus.corpus.filter.select;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.corpus.filter.text.TextOf;
import io.apus.schemas.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Refuses samples whose text a classifier gives a low probability of being good. It is trained on labelled texts (words hashed to
 * {@code features} counts, logistic regression) or was trained by an earlier run.
 *
 * @param train JSON Lines with {@code text} and {@code label} (1 good, 0 bad), or empty
 * @param model folder of an earlier run's {@code quality_model}, or empty
 * @param threshold least probability of a sample that stays
 * @param features size of the hashed vocabulary
 * @param text which text of a sample is scored; samples without it stay
 */
public record QualityFilter(String train, String model, double threshold, int features, TextOf text)
        implements WholeSetFilter {
    public static final String REASON = "low_quality";

    /** Reads the options. */
    public static WholeSetFilter of(FilterOptions options) {
        String train = options.text("train", "JSON Lines to train on: text, and label 1 (good) or 0 (bad)");
        String model = options.text("model", "folder quality_model of an earlier run, instead of train");
        options.require(
                options.has("train") != options.has("model"),
                "train",
                "name either labelled rows to train on or, with model, a trained classifier");
        double threshold = options.share("threshold", 0.5, "least probability of being good");
        int features = options.integer("features", 1 << 16, "size of the hashed vocabulary");
        options.require(features > 0 && features <= 1 << 24, "features", "must be from 1 to 16777216, is " + features);
        return new QualityFilter(train, model, threshold, features, TextOf.read(options, TextOf.ALL));
    }

    @Override
    public String reason() {
        return REASON;
    }

    @Override
    public FilterStep load(FilterSources sources) {
        Path path = Path.of(train.isEmpty() ? model : train);
        boolean there = train.isEmpty() ? Files.isDirectory(path) : Files.isRegularFile(path);
        if (!there) {
            throw new UserError(
                    "Cannot filter by quality", "there is no " + (train.isEmpty() ? "folder " : "file ") + path, "");
        }
        return this;
    }

    /** The detail of a sample with this probability. */
    public String detail(double probability) {
        return String.format(Locale.ROOT, "probability %.4f of being good, below %s", probability, threshold);
    }
}
