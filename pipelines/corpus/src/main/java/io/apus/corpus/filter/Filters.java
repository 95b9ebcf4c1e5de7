package io.apus.corpus.filter;

import static io.apus.schemas.Registry.entry;

import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.corpus.filter.privacy.PiiFilter;
import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.select.CapFilter;
import io.apus.corpus.filter.select.ContaminationFilter;
import io.apus.corpus.filter.select.QualityFilter;
import io.apus.corpus.filter.text.BlocklistFilter;
import io.apus.corpus.filter.text.C4Filter;
import io.apus.corpus.filter.text.GopherQualityFilter;
import io.apus.corpus.filter.text.GopherRepetitionFilter;
import io.apus.corpus.filter.text.LanguageFilter;
import io.apus.corpus.filter.turn.EmptyFilter;
import io.apus.corpus.filter.turn.LengthFilter;
import io.apus.corpus.filter.turn.RoleOrderFilter;
import io.apus.schemas.Registry;
import io.apus.schemas.spec.FilterRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every filter there is; a new one is one line here. */
public final class Filters {
    /**
     * One line of the registry.
     *
     * @param doc what it does, one line
     * @param factory reads its options
     */
    private record Kind(String doc, Factory factory) {}

    private interface Factory {
        FilterStep of(FilterOptions options);
    }

    private static final Registry<Kind> KINDS = Registry.of(
            "filter",
            line("empty", "refuses turns in which the user or the assistant says nothing", EmptyFilter::of),
            line("role_order", "refuses turns that cannot follow each other", RoleOrderFilter::of),
            line("length", "refuses too few or too many characters, words or tokens", LengthFilter::of),
            line("exact_duplicate", "refuses content that an earlier row has already", ExactDuplicateFilter::of),
            line("near_duplicate", "refuses content much like that of another row", NearDuplicateFilter::of),
            line("language", "refuses languages other than those wanted", LanguageFilter::of),
            line("gopher_quality", "refuses text unlike prose (Rae et al. 2021, table A1)", GopherQualityFilter::of),
            line(
                    "gopher_repetition",
                    "refuses text that repeats itself (Rae et al. 2021, table A1)",
                    GopherRepetitionFilter::of),
            line(
                    "c4",
                    "drops lines that are no sentences and refuses pages without enough (Raffel et al. 2020, section 2.2)",
                    C4Filter::of),
            line(
                    "blocklist",
                    "refuses words, phrases, expressions, addresses or domains of a list",
                    BlocklistFilter::of),
            line("pii", "replaces personal data, or refuses it", PiiFilter::of),
            line("contamination", "refuses word n-grams of evaluation sets", ContaminationFilter::of),
            line("quality", "refuses a low score of a classifier trained on labelled texts", QualityFilter::of),
            line("cap", "refuses what is more than so many rows of a dataset", CapFilter::of));

    private Filters() {}

    private static Registry.Entry<Kind> line(String name, String doc, Factory factory) {
        return entry(name, new Kind(doc, factory));
    }

    static Set<String> names() {
        return KINDS.names();
    }

    /** What the filter does, one line. */
    static String doc(String name) {
        return KINDS.get(name).doc();
    }

    /** The options of a filter with their defaults. */
    static List<FilterOptions.Declared> options(String name) {
        FilterOptions options = new FilterOptions(FilterRule.named(name));
        KINDS.get(name).factory().of(options);
        return options.declared();
    }

    /** Makes the filter that {@code rule} asks for and adds to {@code problems} what is wrong with the rule. */
    static void make(FilterRule rule, List<FilterStep> steps, List<String> problems) {
        if (!names().contains(rule.name())) {
            problems.add("filter.filters: \"" + rule.name() + "\" is not known; did you mean \""
                    + Registry.nearest(rule.name(), names()) + "\"? Known: " + String.join(", ", names()));
            return;
        }
        FilterOptions options = new FilterOptions(rule);
        FilterStep step = KINDS.get(rule.name()).factory().of(options);
        List<String> found = new ArrayList<>(options.problems());
        problems.addAll(found);
        if (found.isEmpty()) {
            steps.add(step);
        }
    }
}
