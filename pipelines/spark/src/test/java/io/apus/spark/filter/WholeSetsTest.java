package io.apus.spark.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.filter.select.CapFilter;
import io.apus.corpus.filter.select.QualityFilter;
import io.apus.corpus.filter.text.TextOf;
import io.apus.schemas.data.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeSetsTest {
    @TempDir
    Path folder;

    @Test
    void aCapChoosesTheSameRowsWhateverThePartitions() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            samples.add(SampleFrames.text(0, i, 0, "a" + i));
            samples.add(SampleFrames.text(1, i, 0, "b" + i));
        }
        samples.add(SampleFrames.text(2, 0, 0, "c"));

        Set<String> refused = capped(samples, 20, 42, 1).keySet();

        assertThat(refused).filteredOn(key -> key.startsWith("0:")).hasSize(30);
        assertThat(refused).filteredOn(key -> key.startsWith("1:")).hasSize(30);
        assertThat(refused).hasSize(60);
        assertThat(capped(samples, 20, 42, 5).keySet()).isEqualTo(refused);
        assertThat(capped(samples, 20, 43, 1).keySet()).isNotEqualTo(refused);
        assertThat(capped(samples, 20, 42, 1).values())
                .containsOnly("not among the 20 rows chosen of its dataset with seed 42");
    }

    private static Map<String, String> capped(List<Sample> samples, int rows, int seed, int partitions) {
        return SampleFrames.collect(new Cap(new CapFilter(rows, seed)).refused(SampleFrames.of(samples, partitions)));
    }

    @Test
    void aClassifierLearnsFromLabelledTextsIsSavedAndJudgesTheSameAgain() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"text\": \"the swift flies over house ").append(i).append("\", \"label\": 1}\n");
            lines.append("{\"text\": \"click here to win prize ").append(i).append("\", \"label\": 0}\n");
        }
        Path train = Files.writeString(folder.resolve("labelled.jsonl"), lines);
        List<Sample> samples = List.of(
                SampleFrames.text(0, 0, 0, "Click here, win!"),
                SampleFrames.text(0, 1, 0, "A swift over the house."),
                SampleFrames.text(0, 2, 0, "win a prize"));
        QualityFilter trained = new QualityFilter(train.toString(), "", 0.5, 1 << 12, TextOf.ALL);
        QualityFilter loaded =
                new QualityFilter("", folder.resolve("quality_model").toString(), 0.5, 1 << 12, TextOf.ALL);

        Map<String, String> refused =
                SampleFrames.collect(new Quality(trained, folder).refused(SampleFrames.of(samples, 2)));

        assertThat(refused.keySet()).containsExactly("0:0:0", "0:2:0");
        assertThat(refused.values()).allSatisfy(detail -> assertThat(detail)
                .matches("probability 0\\.[0-4]\\d{3} of being good, below 0.5"));
        assertThat(SampleFrames.collect(new Quality(loaded, folder).refused(SampleFrames.of(samples, 1))))
                .isEqualTo(refused);
    }
}
