package io.apus.jobs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationFilesTest {
    @TempDir
    Path conf;

    @Test
    void aSetIsAFileOrANameOfTheCatalog() throws IOException {
        EvaluationFiles files = new EvaluationFiles(conf);
        assertThatThrownBy(() -> files.evaluation("colours"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("There are no sets in that folder");
        Path evals = Files.createDirectories(conf.resolve("evals"));
        Path set = Files.writeString(evals.resolve("colours.yaml"), "name: colours\nkind: k\npath: ../rows.jsonl\n");
        assertThat(files.evaluation("colours")).isEqualTo(conf.toAbsolutePath().resolve("rows.jsonl"));
        assertThat(files.evaluation(set.toString())).isEqualTo(set);
        Files.writeString(set, "name: colours\nrows: []\n");
        assertThat(files.evaluation("colours")).as("its own rows").isEqualTo(set.toAbsolutePath());
        assertThatThrownBy(() -> files.evaluation("../evals/colours"))
                .hasMessageContaining("neither a file here")
                .hasMessageContaining("Did you mean \"colours\"? Known: colours.");
    }
}
