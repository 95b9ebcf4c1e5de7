package io.apus.spark.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearDuplicatesTest {
    private static final NearDuplicateFilter FILTER = new NearDuplicateFilter(0.8, 5, 128, "longest", "", 64);

    @TempDir
    Path folder;

    private Map<String, String> refused(NearDuplicateFilter filter, Dataset<Row> samples) {
        try (PersistedFrames frames = new PersistedFrames(LocalSpark.session(), folder.resolve("frames"))) {
            return SampleFrames.collect(new NearDuplicates(filter, frames).refused(samples));
        }
    }

    @Test
    void plantedDuplicatesAreFoundAndNothingElseWhateverThePartitions() {
        List<Sample> samples = new PlantedDuplicates(7).make(600);
        Set<Long> expected = PlantedDuplicates.expected(samples, 0.8);

        Map<String, String> found = refused(FILTER, SampleFrames.of(samples, 3));

        TreeSet<Long> rows = found.keySet().stream()
                .map(key -> Long.valueOf(key.split(":", -1)[1]))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<Long> right = new TreeSet<>(rows);
        right.retainAll(expected);
        double recall = (double) right.size() / expected.size();
        double precision = (double) right.size() / rows.size();
        System.out.printf(
                "near duplicates: %d rows, %d planted at 0.8 or more, recall %.4f, precision %.4f%n",
                samples.size(), expected.size(), recall, precision);
        assertThat(expected).hasSizeGreaterThan(150);
        assertThat(recall).isGreaterThanOrEqualTo(0.98);
        assertThat(precision).isGreaterThanOrEqualTo(0.98);
        assertThat(found.values())
                .allSatisfy(
                        detail -> assertThat(detail)
                                .matches(
                                        "(near duplicate|in the group of near duplicates) of d0:\\d+, Jaccard similarity [01]\\.\\d{3}"));
        assertThat(refused(FILTER, SampleFrames.of(samples, 1))).isEqualTo(found);
    }

    @Test
    void ofAGroupTheLongestTheFirstOrTheBestStays() {
        String text = IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        List<Sample> samples = List.of(
                scored(0, text, "0.3"),
                scored(1, text + " more", "0.9"),
                scored(2, text + "!", "0.1"),
                scored(3, "", "1"));

        assertThat(refused(keeping("longest"), SampleFrames.of(samples, 2)).keySet())
                .containsExactly("0:0:0", "0:2:0");
        assertThat(refused(keeping("first"), SampleFrames.of(samples, 2)))
                .containsExactly(
                        Map.entry("0:1:0", "near duplicate of d0:0, Jaccard similarity 0.982"),
                        Map.entry("0:2:0", "near duplicate of d0:0, Jaccard similarity 1.000"));
        assertThat(refused(keeping("quality"), SampleFrames.of(samples, 2)).keySet())
                .containsExactly("0:0:0", "0:2:0");
    }

    @Test
    void copiesOfARowAreOneDocument() {
        String text = IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        List<Sample> samples = List.of(
                SampleFrames.text(0, 5, 0, text),
                SampleFrames.text(0, 5, 1, text),
                SampleFrames.text(1, 2, 0, text + " x"),
                SampleFrames.text(1, 2, 1, text + " x"));

        assertThat(refused(keeping("first"), SampleFrames.of(samples, 2)).keySet())
                .containsExactly("1:2:0", "1:2:1");
    }

    @Test
    void aGiantBucketCostsAFewComparisonsEachAndStillMakesOneGroup() {
        String boilerplate = IntStream.range(0, 150).mapToObj(i -> "notice" + i).collect(Collectors.joining(" "));
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            samples.add(SampleFrames.text(0, i, 0, boilerplate + " page" + i));
        }
        NearDuplicateFilter bounded = new NearDuplicateFilter(0.8, 5, 32, "first", "", 3);
        Dataset<Row> frame = SampleFrames.of(samples, 2);

        long pairs = new CandidatePairs(bounded)
                .find(new Documents(bounded).read(frame))
                .count();

        assertThat(pairs).isBetween(199L, 200L * 3 * 8);
        assertThat(refused(bounded, frame)).hasSize(199).doesNotContainKey("0:0:0");
    }

    private static NearDuplicateFilter keeping(String keep) {
        return new NearDuplicateFilter(0.8, 5, 128, keep, "score", 64);
    }

    private static Sample scored(long row, String content, String score) {
        Sample text = SampleFrames.text(0, row, 0, content);
        return new Sample(
                text.key(),
                text.split(),
                List.of(new Message("assistant", content)),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of("score", score));
    }
}
