package io.apus.corpus.filter.text;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Sample;
import java.util.Optional;

/**
 * Refuses samples with a turn that has anything of a user's lists in it.
 *
 * @param words file of words and phrases, matched as whole words in any case and whatever stands between them
 * @param regexes file of regular expressions (java.util.regex), found anywhere
 * @param urls file of addresses, with or without scheme; an address covers what lies below it
 * @param domains file of host names; a domain covers its subdomains
 * @param lists the lists once they are read, else null
 */
public record BlocklistFilter(String words, String regexes, String urls, String domains, Blocklist lists)
        implements SampleFilter {
    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        BlocklistFilter filter = new BlocklistFilter(
                options.text("words", "file of words and phrases, one a line; whole words, any case"),
                options.text("regexes", "file of regular expressions"),
                options.text("urls", "file of addresses; what lies below one is meant too"),
                options.text("domains", "file of domains; their subdomains are meant too"),
                null);
        options.require(
                options.has("words") || options.has("regexes") || options.has("urls") || options.has("domains"),
                "words",
                "name a file of words, regexes, urls or domains");
        return filter;
    }

    @Override
    public String reason() {
        return "blocklist";
    }

    @Override
    public FilterStep load(FilterSources sources) {
        return new BlocklistFilter(words, regexes, urls, domains, Blocklist.read(this));
    }

    @Override
    public Verdict judge(Sample sample) {
        return Turns.all(sample).stream()
                .map(turn -> lists.find(turn.content()))
                .flatMap(Optional::stream)
                .findFirst()
                .map(Verdict::refuse)
                .orElse(Verdict.KEEP);
    }
}
