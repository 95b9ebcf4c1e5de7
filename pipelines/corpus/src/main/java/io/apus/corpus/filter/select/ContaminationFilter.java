package io.apus.corpus.filter.select;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.corpus.filter.text.Turns;
import io.apus.corpus.filter.text.Words;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.List;

/**
 * Refuses samples that share a run of words with an evaluation set, in any case and whatever stands between the words (Brown et al. 2020,
 * "Language Models are Few-Shot Learners", appendix C: 13 words; texts of an evaluation set that are shorter than that, but not below 8
 * words, are looked for as a whole).
 *
 * @param against catalog names of evaluation sets, or files
 * @param ngram words of a run
 * @param minWords fewest words of a text of an evaluation set that is looked for
 * @param index the runs of the sets once they are read, else null
 */
public record ContaminationFilter(List<String> against, int ngram, int minWords, NgramIndex index)
        implements SampleFilter {
    public ContaminationFilter {
        against = List.copyOf(against);
    }

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        List<String> against = options.list(
                "against", "evaluation sets by catalog name, or files (jsonl, json, csv, txt); must be given");
        options.require(!against.isEmpty(), "against", "name the evaluation sets, by catalog name or file");
        int ngram = options.integer("ngram", 13, "words that must be the same");
        int minWords = options.integer(
                "min_words", 8, "shorter texts of an evaluation set are looked for as a whole, unless below this");
        options.require(ngram > 0, "ngram", "must be above 0");
        options.require(
                minWords > 0 && minWords <= ngram,
                "min_words",
                "must be from 1 to ngram " + ngram + ", is " + minWords);
        return new ContaminationFilter(against, ngram, minWords, null);
    }

    @Override
    public String reason() {
        return "contaminated";
    }

    @Override
    public FilterStep load(FilterSources sources) {
        NgramIndex read = new NgramIndex(ngram, minWords);
        for (String name : against) {
            EvaluationTexts.read(name, sources.evaluation(name), read::add);
        }
        return new ContaminationFilter(against, ngram, minWords, read);
    }

    @Override
    public Verdict judge(Sample sample) {
        for (Message turn : Turns.all(sample)) {
            Words words = Words.of(turn.content());
            String found = index.findOrNull(words);
            if (found != null) {
                return Verdict.refuse(found);
            }
        }
        return Verdict.KEEP;
    }
}
